package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.JobTimes;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.Tombstones;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Notes that people left, and that nobody can need any more. The stops of a run go when its snapshot was forgotten: a run that may still be begun or
 * continued has none of a tombstone, or is younger than the grace. The times of Kubernetes Jobs by hand go when no pod of theirs can come any more. For one
 * thread.
 */
final class OldNotes {

    /** No Job by hand is at work for so long: the manifests' end after 22 hours, and Jobs that wait are not left waiting for a month. */
    static final Duration LONGEST_JOB = Duration.ofDays(30);

    private final Parts parts;
    private final Duration grace;

    OldNotes(Parts parts, Duration grace) {
        this.parts = parts;
        this.grace = grace;
    }

    void remove() {
        removeStops();
        try {
            removeTimesOfJobs();
        } catch (StoreException unreachable) {
            // they are in the general store, which may not be this vault's: the next one goes on
        }
    }

    private void removeTimesOfJobs() {
        Duration age = grace.compareTo(LONGEST_JOB) > 0 ? grace : LONGEST_JOB;
        list(SnapshotNames.jobs()).stream()
                .filter(note -> parts.patience()
                        .call(() -> JobTimes.timeIn(parts.store(), note.name()))
                        .filter(time -> isOlderThan(age, time))
                        .isPresent())
                .forEach(this::removeUnlessLocked);
    }

    /** In the order of their numbers: a stop that somebody took back does not hold again for as long as this lasts. */
    private void removeStops() {
        List<StoredBlob> stops = list(SnapshotNames.stopsOf(parts.vault()));
        if (stops.isEmpty()) {
            return;
        }
        Set<String> forgotten = new Tombstones(parts.store(), parts.patience(), parts.key(), ignored -> {})
                .of(parts.vault()).keySet().stream()
                        .map(manifest -> SnapshotNames.snapshotOf(manifest).value())
                        .filter(this::hasNoManifest)
                        .collect(Collectors.toSet());
        stops.stream()
                .filter(note -> SnapshotNames.snapshotOfStop(note.name())
                        .filter(snapshot -> forgotten.contains(snapshot.value()))
                        .flatMap(snapshot -> snapshot.scheduledFor())
                        .filter(time -> isOlderThan(grace, time))
                        .isPresent())
                .sorted(Comparator.comparingInt((StoredBlob note) -> note.name().length())
                        .thenComparing(StoredBlob::name))
                .forEach(this::removeUnlessLocked);
    }

    private boolean hasNoManifest(String snapshot) {
        return list(new SnapshotNames(parts.vault(), snapshot).manifests()).isEmpty();
    }

    private boolean isOlderThan(Duration age, Instant time) {
        return time.plus(age).isBefore(parts.now());
    }

    private void removeUnlessLocked(StoredBlob note) {
        if (note.protection().isInForce(parts.now())) {
            return;
        }
        try {
            parts.removing().remove(note);
        } catch (StoreException refused) {
            if (refused.failure().reason() != FailureReason.STORE_IMMUTABLE) {
                throw refused;
            }
        }
    }

    private List<StoredBlob> list(String prefix) {
        return parts.patience().call(() -> {
            try (Stream<StoredBlob> blobs = parts.removal().list(prefix)) {
                return blobs.toList();
            }
        });
    }
}
