package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** What examinations of snapshots have read and found. Safe for use by many threads; one writer an examination. */
public class VerificationLedger {

    /** Who has said nothing for as long is taken for dead. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    /** What was read longer ago is read again. */
    private static final Duration TRUSTED = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final VaultSummaries vaults;

    VerificationLedger(JdbcClient jdbc, JdbcTemplate batches, VaultSummaries vaults) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.vaults = vaults;
    }

    /**
     * An examination that has not ended.
     *
     * @param heardAt when its process last said that it is at work
     * @param silent whether nothing was heard of it for so long that its process must be dead
     */
    public record Open(String id, @Nullable Instant heardAt, boolean silent) {}

    /**
     * What is told of an examination.
     *
     * @param damage how many of its findings are damage
     * @param unknown how many copies the store did not give, so that it is to be continued
     * @param copies that the snapshot has
     * @param copiesRead how many of them were read, by this execution and those before
     */
    public record Told(Instant at, int findings, int damage, int unknown, long copies, long copiesRead) {}

    /** A finding as it is recorded. */
    public record Finding(String problem, String subject, String message) {}

    /** The newest examination of a subject, if it has not ended and is not so old that what it read may have changed. */
    @Transactional(readOnly = true)
    public Optional<Open> open(String subject, Instant now) {
        return jdbc.sql("SELECT * FROM ledger_verification WHERE subject = ? AND ended = FALSE AND started_at > ?"
                        + " ORDER BY started_at DESC LIMIT 1")
                .params(subject, Rows.time(now.minus(TRUSTED)))
                .query((row, number) -> {
                    Instant heard = Rows.instant(row, "heard_at");
                    boolean silent = heard == null || heard.plus(SILENCE).isBefore(now);
                    return new Open(row.getString("verification_id"), heard, silent);
                })
                .optional();
    }

    /**
     * Begins one, and gives its id.
     *
     * @param subject a SHA-256 of all that makes it the same examination: the store, the manifest and its bytes, the part
     * @param manifest its name in the store, which begins with the vault's folder
     */
    @Transactional
    public String begin(String subject, String manifest, int part, int parts, Instant now) {
        String id = UUID.randomUUID().toString();
        jdbc.sql(
                        "INSERT INTO ledger_verification (verification_id, subject, manifest, folder, part, parts, started_at, heard_at,"
                                + " ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, FALSE)")
                .params(id, subject, manifest, manifest.split("/", -1)[0], part, parts, Rows.time(now), Rows.time(now))
                .update();
        return id;
    }

    /** Takes one over, unless another process has done so meanwhile. */
    @Transactional
    public boolean claim(Open open, Instant now) {
        return open.heardAt() != null
                && jdbc.sql("UPDATE ledger_verification SET heard_at = ? WHERE verification_id = ? AND heard_at = ?")
                                .params(Rows.time(now), open.id(), Rows.time(open.heardAt()))
                                .update()
                        == 1;
    }

    /** Notes that it is at work. */
    @Transactional
    public void heard(String id, Instant now) {
        jdbc.sql("UPDATE ledger_verification SET heard_at = ? WHERE verification_id = ?")
                .params(Rows.time(now), id)
                .update();
    }

    /** Notes that nobody is at work on it, so that it can be continued at once. */
    @Transactional
    public void leave(String id) {
        heard(id, Instant.EPOCH);
    }

    /** Notes what is told of it, whether or not it is to be continued; its vault's summary has it then. */
    @Transactional
    public void told(String id, Told told) {
        jdbc.sql("UPDATE ledger_verification SET told_at = ?, findings = ?, damage = ?, not_given = ?, copies = ?,"
                        + " copies_read = ? WHERE verification_id = ?")
                .params(
                        Rows.time(told.at()),
                        told.findings(),
                        told.damage(),
                        told.unknown(),
                        told.copies(),
                        told.copiesRead(),
                        id)
                .update();
        jdbc.sql("SELECT folder FROM ledger_verification WHERE verification_id = ?")
                .param(id)
                .query(String.class)
                .optional()
                .flatMap(VaultAddress::ofStoreName)
                .ifPresent(vaults::refresh);
    }

    /** Nothing is left to do for it; which copies it read is needed no more. */
    @Transactional
    public void end(String id) {
        jdbc.sql("UPDATE ledger_verification SET ended = TRUE WHERE verification_id = ?")
                .param(id)
                .update();
        jdbc.sql("DELETE FROM ledger_copy_read WHERE verification_id = ?")
                .param(id)
                .update();
    }

    /** The names of the copies that it has read. */
    @Transactional(readOnly = true)
    public Set<String> read(String id) {
        return new HashSet<>(jdbc.sql("SELECT blob FROM ledger_copy_read WHERE verification_id = ?")
                .param(id)
                .query(String.class)
                .list());
    }

    /** Notes copies that were read, and what was found in them. */
    @Transactional
    public void record(String id, List<String> blobs, List<Finding> findings, Instant now) {
        batches.batchUpdate(
                "INSERT INTO ledger_copy_read (verification_id, blob) VALUES (?, ?) ON CONFLICT DO NOTHING",
                blobs.stream().map(blob -> new Object[] {id, blob}).toList());
        batches.batchUpdate(
                "INSERT INTO ledger_finding (verification_id, problem, subject, message) VALUES (?, ?, ?, ?)",
                findings.stream()
                        .map(finding -> new Object[] {id, finding.problem(), finding.subject(), finding.message()})
                        .toList());
        heard(id, now);
    }

    /** What was found in the copies that were read. */
    @Transactional(readOnly = true)
    public List<Finding> findings(String id) {
        return jdbc.sql(
                        "SELECT problem, subject, message FROM ledger_finding WHERE verification_id = ? ORDER BY subject")
                .param(id)
                .query((row, number) ->
                        new Finding(row.getString("problem"), row.getString("subject"), row.getString("message")))
                .list();
    }
}
