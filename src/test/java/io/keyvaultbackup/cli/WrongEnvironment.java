package io.keyvaultbackup.cli;

import io.keyvaultbackup.backup.Bench;
import java.util.List;

/** One thing around the program that is wrong, or goes wrong, for real; and what is to be said of it. */
record WrongEnvironment(String name, int exitCode, List<String> said, Act act) {

    /** Makes it wrong, and runs a verb. */
    @FunctionalInterface
    interface Act {
        Bench.Result in(Surroundings surroundings) throws Exception;
    }

    static WrongEnvironment when(String name, int exitCode, List<String> said, Act act) {
        return new WrongEnvironment(name, exitCode, said, act);
    }

    @Override
    public String toString() {
        return name;
    }
}
