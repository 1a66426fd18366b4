package io.keyvaultbackup.cli;

import java.util.Set;
import java.util.concurrent.Callable;

/** A verb of the command line. */
interface Verb extends Callable<Integer> {

    /** All that it can end with; its help lists them. */
    Set<ExitCode> exitCodes();
}
