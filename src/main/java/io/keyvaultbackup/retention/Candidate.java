package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Labels;
import java.time.Instant;
import java.util.Comparator;

/**
 * A snapshot that might be forgotten.
 *
 * @param complete whether every object was done, as its manifest says
 */
record Candidate(SnapshotId snapshot, Instant scheduledFor, boolean complete, Labels labels) {

    /** As the catalogue lists them: those of one moment by id. */
    static final Comparator<Candidate> NEWEST_FIRST = Comparator.comparing(Candidate::scheduledFor)
            .thenComparing(candidate -> candidate.snapshot().value())
            .reversed();
}
