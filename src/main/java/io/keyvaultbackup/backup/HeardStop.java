package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether an operator wants an execution, which is at work, to stop; then it is stopped, as by a signal. */
final class HeardStop implements Runnable {

    private final RunStops stops;
    private final SnapshotNames names;
    private final StopSignal run;
    private volatile @Nullable StopNote heard;

    /** @param run stops this execution, and no other */
    HeardStop(RunStops stops, SnapshotNames names, StopSignal run) {
        this.stops = stops;
        this.names = names;
        this.run = run;
    }

    @Override
    public void run() {
        if (heard == null) {
            stops.inForce(names).ifPresent(note -> {
                heard = note;
                run.give();
            });
        }
    }

    /** Why it was stopped, if that was so. */
    Optional<Failure> why() {
        return Optional.ofNullable(heard).map(note -> Failure.of(FailureReason.STOPPED, note.describe()));
    }
}
