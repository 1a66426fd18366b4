package io.keyvaultbackup.cli;

import picocli.CommandLine.Option;

/** How a verb prints; the same for all of them. */
final class OutputOptions {

    @Option(names = "--json", description = "Print JSON lines, each with a message_type, instead of text.")
    private boolean json;

    @Option(names = "--debug", description = "Log what happens, and show the stack trace of a failure.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    boolean json() {
        return json;
    }

    boolean debug() {
        return debug;
    }

    boolean help() {
        return help;
    }
}
