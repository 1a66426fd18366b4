package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The vaults that this process works on, one after another for each of its threads. Safe for use by many threads. */
public interface VaultShare extends AutoCloseable {

    /** All of these, in this order, without asking anybody. */
    static VaultShare ofAll(Collection<VaultAddress> vaults, StopSignal stop) {
        return new OwnShare(vaults, stop);
    }

    /**
     * The next vault. Waits while others work on what could become this process's; nothing once all are ended, or a stop was given.
     *
     * @throws RuntimeException if the job database can't be used: then there is no next one for anybody of this process
     */
    Optional<VaultAddress> next();

    /** What became of a vault that was handed out here, by the program's exit code. */
    void ended(VaultAddress vault, int exitCode);

    /** Hands a vault back that was not brought to an end: another may take it at once. */
    void giveBack(VaultAddress vault);

    /**
     * Hands a vault back that somebody else turned out to hold, and that had been a process's which seemed to be dead: it is handed out again after a while.
     *
     * @return false if it had not been, or has been put off for too long: then it is this process's, and ended
     */
    boolean putOff(VaultAddress vault);

    /** Hands out nothing more to anybody of this process, which does not know any more what it has. Never throws. */
    void abandon();

    /** The vaults that other processes have ended, each with its exit code, as far as this one can learn. Never throws. */
    Map<VaultAddress, Integer> endedElsewhere();

    /** Leaves the others alone with what is left. Never throws. */
    @Override
    void close();
}
