package io.keyvaultbackup.cli;

import io.keyvaultbackup.launch.Screen;
import java.io.PrintStream;

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
        boolean interactive = Screen.isWatched();
        return new Terminal(System.out, System.err, interactive, Screen.wantsColours(interactive, System.getenv()));
    }

    /** With nobody watching. */
    static Terminal plain(PrintStream out, PrintStream err) {
        return new Terminal(out, err, false, false);
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
