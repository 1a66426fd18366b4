package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.StoredBlob;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Holds the ledger against what the store really has. Safe for use by many threads; one writer a run. */
@Component
public class StoredObjects {

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    StoredObjects(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Notes which blobs of a snapshot this execution saw in the store, as they were written (name, size, SHA-256). */
    @Transactional(
            propagation = Propagation.REQUIRES_NEW) // short: no row stays locked while the store is asked for more
    public void seen(SnapshotId snapshot, int execution, List<StoredBlob> stored) {
        batches.batchUpdate(
                "UPDATE ledger_object SET seen_by = ? WHERE snapshot_id = ? AND kind = ? AND name = ? AND blob = ? AND size = ?"
                        + " AND sha256 = ?",
                stored.stream()
                        .filter(blob -> blob.metadata().containsKey("kind")
                                && blob.metadata().containsKey("object"))
                        .map(blob -> seen(snapshot, execution, blob))
                        .toList());
    }

    /**
     * Makes pending again whatever is recorded as backed up and was not seen by this execution, and what such a certificate covered; nothing
     * once a later execution has begun, whose copies this one knows nothing of.
     *
     * @return how many blobs are missing
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public int missingBecomePending(SnapshotId snapshot, int execution) {
        int missing = jdbc.sql("UPDATE ledger_object SET outcome = 'PENDING', size = NULL, sha256 = NULL, blob = NULL,"
                        + " blob_version = NULL, call_began = NULL, called_after = NULL WHERE snapshot_id = ? AND outcome = 'BACKED_UP' AND"
                        + " (seen_by IS NULL OR seen_by <> ?) AND NOT EXISTS (SELECT 1 FROM ledger_execution e WHERE"
                        + " e.snapshot_id = ledger_object.snapshot_id AND e.execution > ?)")
                .params(snapshot.value(), execution, execution)
                .update();
        if (missing > 0) {
            ManagedObjects.uncover(jdbc, snapshot);
        }
        return missing;
    }

    private static Object[] seen(SnapshotId snapshot, int execution, StoredBlob blob) {
        Map<String, String> metadata = blob.metadata();
        return new Object[] {
            execution,
            snapshot.value(),
            metadata.getOrDefault("kind", "").toUpperCase(Locale.ROOT),
            metadata.getOrDefault("object", ""),
            blob.name(),
            blob.size(),
            metadata.getOrDefault(StoredBlob.SHA_256, "")
        };
    }
}
