package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the verbs leave in the rows of runs and vaults, of which lists and pages are made. */
class SummedRunsTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NEXT = "2026-11-25T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.with(SkippingTime.class);
        vault.secrets("app", 5);
        vault.secret("old").versions(401);
        vault.certificate("site");
    }

    private Map<String, @Nullable Object> row(String table) {
        return bench.jdbc()
                .sql("SELECT * FROM " + table + " WHERE vault_uri = ? ORDER BY 1 DESC LIMIT 1")
                .param(vault.uri().toString())
                .query()
                .singleRow();
    }

    private static Map<String, Map<String, Long>> byKind(Map<String, @Nullable Object> row) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        new JsonMapper()
                .readTree(String.valueOf(row.get("by_kind")))
                .forEachEntry((kind, outcomes) -> outcomes.forEachEntry((outcome, count) ->
                        counts.computeIfAbsent(kind, first -> new TreeMap<>()).put(outcome, count.asLong())));
        return counts;
    }

    @Test
    void aVaultsRowTellsHowItsLatestRunEndedAndSinceWhenItIsNotComplete() {
        // given
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000003")
                .always()
                .forbid("ForbiddenByRbac");

        // when
        Bench.Result incomplete = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(incomplete.exitCode())
                .as(incomplete.out() + incomplete.err())
                .isEqualTo(3);
        Map<String, @Nullable Object> row = row("ledger_vault");
        assertThat(row)
                .containsEntry("status", "INCOMPLETE")
                .containsEntry("strip", "I")
                .containsEntry("complete", null)
                .containsEntry("objects", 9L)
                .containsEntry("failed", 1L)
                .containsEntry("reasons", "{\"ROLE_MISSING\":1}")
                .containsEntry("most_versions", 401)
                .containsEntry("near_limit", 1);
        assertThat(row.get("failing_since")).isEqualTo(row.get("latest_for")).isNotNull();
        assertThat(byKind(row))
                .isEqualTo(Map.of(
                        "SECRET", Map.of("BACKED_UP", 5L, "FAILED", 1L, "COVERED_BY_CERTIFICATE", 1L),
                        "KEY", Map.of("COVERED_BY_CERTIFICATE", 1L),
                        "CERTIFICATE", Map.of("BACKED_UP", 1L)));

        // when it is relaunched
        forbidden.cancel();
        Bench.Result complete = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(complete.exitCode()).as(complete.out() + complete.err()).isZero();
        assertThat(row("ledger_vault"))
                .containsEntry("strip", "C")
                .containsEntry("complete", complete.summary().path("snapshot").asString())
                .containsEntry("failing_since", null)
                .containsEntry("failed", 0L);
        assertThat(row("ledger_summary"))
                .containsEntry("executions", 2)
                .containsEntry("manifest", complete.summary().path("manifest").asString())
                .containsEntry("backed_up", 7L);

        // when the next night takes some copies over
        Bench.Result next = bench.backUp(vault, "--scheduled-for", NEXT);

        // then
        assertThat(next.exitCode()).as(next.out() + next.err()).isZero();
        assertThat(row("ledger_vault")).containsEntry("strip", "CC").containsEntry("most_versions", 401);
        assertThat(row("ledger_summary"))
                .containsEntry("unchanged", next.outcomes().getOrDefault("UNCHANGED", 0L))
                .containsEntry("backed_up", next.outcomes().getOrDefault("BACKED_UP", 0L))
                .containsEntry("objects", 9L);
    }

    @Test
    void whatIsTakenOverFromAManifestIsCounted() {
        // given
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        Map<String, Map<String, Long>> counted = byKind(row("ledger_summary"));
        bench.set(
                "keyvault-backup.data-directory", directory.resolve("new-data").toString());

        // when
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();

        // then
        assertThat(byKind(row("ledger_summary"))).isEqualTo(counted);
        assertThat(byKind(row("ledger_vault"))).isEqualTo(counted);
        assertThat(row("ledger_vault")).containsEntry("strip", "C").containsEntry("most_versions", 401);
    }

    @Test
    void aVaultsRowTellsWhatWasFoundInItsCopiesAndHowTheLastDrillEnded() throws IOException {
        // given
        Bench.Result backup = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();

        // when
        EmulatedVault scratch = emulator.vault("scratch-for-summaries");
        Bench.Result drill = bench.run(
                "drill", "--from", vault.uri().toString(), "--to", scratch.uri().toString(), "--yes");
        Bench.Result whole = bench.run("verify", "latest", "--read-data");

        // then
        assertThat(drill.exitCode()).as(drill.out() + drill.err()).isZero();
        assertThat(whole.exitCode()).as(whole.out() + whole.err()).isZero();
        assertThat(row("ledger_vault"))
                .containsEntry("drill_status", "COMPLETE")
                .containsEntry("drilled", backup.summary().path("snapshot").asString())
                .containsEntry("verified_damage", 0)
                .containsEntry(
                        "verified_manifest", backup.summary().path("manifest").asString());

        // when a copy is damaged and another one is gone
        String damaged = copy("app000001");
        byte[] bytes = Files.readAllBytes(bench.store().resolve(damaged));
        bytes[bytes.length / 2] ^= 1;
        Files.write(bench.store().resolve(damaged), bytes);
        Files.delete(bench.store().resolve(copy("app000002")));
        Bench.Result found = bench.run("verify", "latest", "--read-data");

        // then
        assertThat(found.exitCode()).as(found.out() + found.err()).isEqualTo(4);
        assertThat(row("ledger_vault")).containsEntry("verified_damage", 2);
        assertThat(bench.jdbc()
                        .sql(
                                "SELECT damage, copies, copies_read FROM ledger_verification ORDER BY told_at DESC LIMIT 1")
                        .query()
                        .singleRow())
                .containsEntry("damage", 2)
                .containsEntry("copies", 7L);
    }

    private String copy(String name) {
        return bench.blobs().keySet().stream()
                .filter(blob -> blob.contains("/secret/" + name + "."))
                .findFirst()
                .orElseThrow();
    }
}
