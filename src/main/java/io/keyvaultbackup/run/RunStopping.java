package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import org.jspecify.annotations.Nullable;

/** Stops runs that are under way elsewhere, or are not done; a verb's way to them. Only the store is asked. */
public interface RunStopping {

    /** How a vault's run stands after it was asked to stop. */
    enum State {
        /** Whoever is at it is to stop, and nobody begins anything of it until somebody retries it. */
        STOPPED,
        /** That was so before. */
        ALREADY_STOPPED,
        /** It is complete: nothing was left to stop. */
        COMPLETE,
        /** There is no such run. */
        NONE
    }

    /**
     * What it came to at one vault.
     *
     * @param snapshot the run, if there is one
     * @param holder who has its lease, or did not give it back, for people
     * @param stop who stopped it, when and why: the rest of a sentence
     */
    record Answer(
            VaultAddress vault,
            State state,
            @Nullable SnapshotId snapshot,
            @Nullable String holder,
            @Nullable String stop) {}

    /**
     * Asks that the run of a vault be stopped: the one that is under way, or else the latest that was begun.
     *
     * @param id the start of the run's id, if it is to be that one; empty if not
     * @param reason for people
     * @throws RunRefusedException if more than one run of the vault starts so
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be asked, or did not take it
     */
    Answer stop(VaultAddress vault, String id, @Nullable String reason);
}
