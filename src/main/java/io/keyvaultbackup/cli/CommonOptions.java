package io.keyvaultbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What all verbs take. */
final class CommonOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Read this file too, in the form of config/application.yaml; it overrides that one.")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print JSON lines, each with a message_type, instead of text.")
    private boolean json;

    @Option(names = "--debug", description = "Log what happens, and show the stack trace of a failure.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    /** Those of a verb that was parsed. */
    static CommonOptions of(CommandLine.ParseResult verb) {
        CommonOptions common = new CommonOptions();
        Path file = verb.matchedOptionValue("--config", null);
        common.config = file;
        common.json = verb.matchedOptionValue("--json", false);
        common.debug = verb.matchedOptionValue("--debug", false);
        return common;
    }

    /** As they were given, for another verb. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (config != null) {
            arguments.add("--config=" + config);
        }
        if (json) {
            arguments.add("--json");
        }
        if (debug) {
            arguments.add("--debug");
        }
        return arguments;
    }

    /** The file of --config, if one was given. */
    @Nullable
    Path config() {
        return config;
    }

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
