package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stops runs that are under way elsewhere, or are not done; a verb's way to them. Only the store is asked. */
public interface RunStopping {

    /** How a vault's run stands after it was asked to stop. */
    enum State {
        /** Whoever is at it is to stop, and nobody begins anything of it until somebody retries it. */
        STOPPED,
        /** Nobody had begun it, of a night that others of these vaults have begun or that was named; nobody begins it until somebody retries it. */
        NOT_BEGUN,
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
     * The nights that a stop of these vaults means: the scheduled times of the runs that hold one of them, and the latest that any of them was begun with, but
     * none of a time to come. What of a vault can not be told is left out; whoever stops its run learns why.
     *
     * @param id as of {@link #stop}; where it tells a whole time, that is one
     */
    Set<Instant> nights(Collection<VaultAddress> vaults, String id);

    /**
     * Asks that runs of a vault be stopped: the one that holds it, and those of the nights, whatever else the vault was begun with; if none holds it, the latest that was begun, where that is later than these.
     *
     * @param id the start of the run's id, if it is to be that one; empty if not
     * @param nights the scheduled times of which the vault's run is to be stopped before anybody begins it
     * @param reason for people
     * @return what it came to, mostly of one run; never empty
     * @throws RunRefusedException if more than one run of the vault starts so
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be asked, or did not take it
     */
    List<Answer> stop(VaultAddress vault, String id, Set<Instant> nights, @Nullable String reason);
}
