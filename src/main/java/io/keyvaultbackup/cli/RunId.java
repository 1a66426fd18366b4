package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.SnapshotId;
import java.util.List;
import java.util.function.Function;

/** A run's ID as people give it: the start of it is enough where only one run has it. */
final class RunId {

    private RunId() {}

    /**
     * The only one that was found.
     *
     * @param none what to say where none was
     * @throws RunRefusedException where it is not one
     */
    static <T> T theOnly(String id, List<T> found, Function<T, SnapshotId> idOf, String none) {
        if (found.isEmpty()) {
            throw new RunRefusedException(RunRefusedException.Cause.STORE_NOT_FOUND, none);
        }
        if (found.size() > 1) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    found.size() + " runs start with " + id + "; the first are "
                            + found.stream().limit(3).map(idOf).toList() + ". Give more of the ID.");
        }
        return found.getFirst();
    }
}
