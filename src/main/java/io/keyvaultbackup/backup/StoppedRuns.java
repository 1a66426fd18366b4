package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs that somebody has stopped, and that a job database need not know of: nobody may have begun them. */
final class StoppedRuns {

    private final StoredRuns storedRuns;
    private final LeasedRuns leasedRuns;
    private final RunStops stops;
    private final InstantSource clock;

    StoppedRuns(StoredRuns storedRuns, LeasedRuns leasedRuns, RunStops stops, InstantSource clock) {
        this.storedRuns = storedRuns;
        this.leasedRuns = leasedRuns;
        this.stops = stops;
        this.clock = clock;
    }

    /**
     * The latest run of a vault that somebody has stopped, if it is later than this one, is stopped still, and no other was begun later: a job database may be that of another
     * machine, or an old one.
     */
    Optional<RunRequest> latestAfter(RunRequest known, Selection selection) {
        VaultAddress vault = known.vault();
        Instant now = clock.instant();
        return storedRuns
                .stoppedAfter(known, now)
                .filter(run -> isToGoOn(new SnapshotNames(vault.storeName(), run.value())))
                .filter(run -> Stream.concat(storedRuns.sealed(vault).stream(), leasedRuns.of(vault).ids().stream())
                        .filter(other -> StoredRuns.mayHaveBegunBy(other, now))
                        .noneMatch(other -> other.compareTo(run.value()) > 0))
                .flatMap(run -> storedRuns.startingWith(run.value(), vault, selection).stream()
                        .findFirst());
    }

    private boolean isToGoOn(SnapshotNames names) {
        return stops.inForce(names).isPresent() && !storedRuns.isComplete(names);
    }
}
