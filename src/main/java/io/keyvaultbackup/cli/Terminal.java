package io.keyvaultbackup.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * Where a verb prints.
 *
 * @param interactive whether somebody watches: only then is a line ever redrawn
 * @param coloured whether colours are wanted
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured) {

    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    static Terminal ofThisProcess() {
        boolean interactive =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new Terminal(System.out, System.err, interactive, wantsColours(interactive, System.getenv()));
    }

    /** With nobody watching. */
    static Terminal plain(PrintStream out, PrintStream err) {
        return new Terminal(out, err, false, false);
    }

    /** As no-color.org has it: on a terminal, unless NO_COLOR is set to anything. */
    static boolean wantsColours(boolean interactive, Map<String, String> environment) {
        return interactive
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    String good(String text) {
        return coloured ? GREEN + text + PLAIN : text;
    }

    String notable(String text) {
        return coloured ? YELLOW + text + PLAIN : text;
    }

    String bad(String text) {
        return coloured ? RED + text + PLAIN : text;
    }
}
