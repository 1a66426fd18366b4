package io.keyvaultbackup.launch;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/** Who reads what this process prints. */
public final class Screen {

    private Screen() {}

    /** Whether standard input and output are a terminal. */
    public static boolean isWatched() {
        Optional<Console> console = Optional.ofNullable(System.console());
        return console.isPresent() && console.get().isTerminal();
    }

    /** As no-color.org has it: on a terminal, unless NO_COLOR is set to anything. */
    public static boolean wantsColours(boolean watched, Map<String, String> environment) {
        return watched
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }
}
