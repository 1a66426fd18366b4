package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.StoredBlob;
import java.util.ArrayList;
import java.util.Iterator;
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

    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    StoredObjects(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /**
     * Makes pending again whatever is recorded as backed up in this snapshot and is not in the store as it was written (name, size, SHA-256),
     * and what such a certificate covered.
     *
     * @param stored every blob of the snapshot, in any order
     * @return how many blobs are missing
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW) // so that a listing that breaks off can be begun anew
    public int missingBecomePending(SnapshotId snapshot, int execution, Iterator<StoredBlob> stored) {
        List<Object[]> seen = new ArrayList<>();
        while (stored.hasNext()) {
            StoredBlob blob = stored.next();
            Map<String, String> metadata = blob.metadata();
            if (metadata.containsKey("kind") && metadata.containsKey("object")) {
                seen.add(seen(snapshot, execution, blob));
            }
            if (seen.size() == BATCH || !stored.hasNext()) {
                batches.batchUpdate(
                        "UPDATE ledger_object SET seen_by = ? WHERE snapshot_id = ? AND kind = ? AND name = ? AND blob = ? AND size = ?"
                                + " AND sha256 = ?",
                        seen);
                seen.clear();
            }
        }
        int missing = jdbc.sql("UPDATE ledger_object SET outcome = 'PENDING', size = NULL, sha256 = NULL, blob = NULL,"
                        + " blob_version = NULL, call_began = NULL WHERE snapshot_id = ? AND outcome = 'BACKED_UP' AND"
                        + " (seen_by IS NULL OR seen_by <> ?)")
                .params(snapshot.value(), execution)
                .update();
        if (missing > 0) {
            jdbc.sql(
                            "UPDATE ledger_object SET outcome = 'PENDING' WHERE snapshot_id = ? AND outcome = 'COVERED_BY_CERTIFICATE'"
                                    + " AND EXISTS (SELECT 1 FROM ledger_object c WHERE c.snapshot_id = ledger_object.snapshot_id AND"
                                    + " c.kind = 'CERTIFICATE' AND c.name = ledger_object.name AND c.outcome = 'PENDING')")
                    .param(snapshot.value())
                    .update();
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
