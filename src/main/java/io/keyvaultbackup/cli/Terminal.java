package io.keyvaultbackup.cli;

import io.keyvaultbackup.launch.Screen;
import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a verb prints.
 *
 * @param interactive whether somebody watches: only then is a line ever redrawn
 * @param coloured whether colours are wanted
 * @param people who sits there, looked for only when somebody is to be asked: gives the answer to a question, or null
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        boolean interactive,
        boolean coloured,
        Supplier<Optional<Function<String, @Nullable String>>> people) {

    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    static Terminal ofThisProcess() {
        boolean interactive = Screen.isWatched();
        return new Terminal(
                System.out,
                System.err,
                interactive,
                Screen.wantsColours(interactive, System.getenv()),
                () -> Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .map(console -> question -> console.readLine("%s", question)));
    }

    /** With nobody to ask. */
    Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured) {
        this(out, err, interactive, coloured, Optional::empty);
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
