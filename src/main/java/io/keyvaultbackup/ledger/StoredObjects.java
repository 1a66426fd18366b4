package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Holds the ledger against what the store really has. Safe for use by many threads; one writer a run. */
public class StoredObjects {

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    StoredObjects(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /**
     * What the names of a run's copies start with: the folders of its own snapshot and of those whose copies it refers to.
     *
     * @param length of a folder's name, which is the same for all snapshots of a vault
     */
    @Transactional(readOnly = true)
    public List<String> folders(SnapshotId snapshot, int length) {
        return jdbc
                .sql("SELECT DISTINCT LEFT(blob, ?) AS folder FROM ledger_object WHERE snapshot_id = ? AND outcome IN ("
                        + "'BACKED_UP', 'UNCHANGED') ORDER BY folder")
                .params(length, snapshot.value())
                .query(String.class)
                .list()
                .stream()
                .map(Objects::requireNonNull)
                .toList();
    }

    private record Copy(
            ObjectId id,
            @Nullable String blob,
            @Nullable String version,
            long size,
            @Nullable String sha256) {}

    /** Told of each copy that is there, under its name and, where one is recorded, that version. */
    @FunctionalInterface
    public interface There {
        void copy(String blob, @Nullable String version);
    }

    /**
     * Makes pending again whatever is recorded with such an outcome and was not seen, and what such a certificate covered.
     *
     * @param there told of the others
     * @param outcomes of those that were looked for
     * @return how many blobs are missing
     * @throws IllegalStateException if a later execution has begun, whose copies this one knows nothing of
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public int missingBecomePending(
            SnapshotId snapshot, int execution, SeenCopies seen, There there, Outcome... outcomes) {
        List<@Nullable Object[]> missing = new ArrayList<>();
        Pages.forEach(
                jdbc,
                snapshot,
                "kind, name, blob, blob_version, size, sha256",
                Arrays.stream(outcomes).map(Outcome::name).collect(Collectors.joining("', '", "outcome IN ('", "')")),
                (row, number) -> new Copy(
                        Rows.id(row),
                        row.getString("blob"),
                        row.getString("blob_version"),
                        row.getLong("size"),
                        row.getString("sha256")),
                copy -> {
                    if (copy.blob() != null && seen.has(copy.blob(), copy.version(), copy.size(), copy.sha256())) {
                        there.copy(copy.blob(), copy.version());
                    } else {
                        missing.add(new @Nullable Object[] {
                            snapshot.value(), copy.id().kind().name(), copy.id().name(), copy.blob()
                        });
                    }
                });
        if (!missing.isEmpty()) {
            ClosingListing.requireLatest(jdbc, snapshot, execution);
            batches.batchUpdate(
                    "UPDATE ledger_object SET " + ReusedCopies.WITHOUT_COPY
                            + " WHERE snapshot_id = ? AND kind = ? AND name = ? AND blob = ?",
                    missing);
            ManagedObjects.uncover(jdbc, snapshot);
        }
        return missing.size();
    }
}
