package io.keyvaultbackup.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Where a verb prints.
 *
 * @param interactive whether somebody watches: only then is a line ever redrawn
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive) {

    static Terminal ofThisProcess() {
        return new Terminal(
                System.out,
                System.err,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    }
}
