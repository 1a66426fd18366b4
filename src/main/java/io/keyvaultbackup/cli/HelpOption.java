package io.keyvaultbackup.cli;

import picocli.CommandLine.Option;

/** What every verb takes, also one that reads no configuration. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    boolean help() {
        return help;
    }
}
