package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The hidden option of the verbs that may be asked for at the dashboard: the Kubernetes Job that is made of a request names it, and people need not know. Stateless. */
final class RequestOption {

    private static final String NAME = "--request";

    private static final List<String> VERBS = List.of("backup", "retry", "stop", "restore");

    private RequestOption() {}

    static void addTo(CommandLine root) {
        VERBS.stream()
                .map(root.getSubcommands()::get)
                .filter(Objects::nonNull)
                .forEach(verb -> verb.getCommandSpec()
                        .addOption(OptionSpec.builder(NAME)
                                .type(String.class)
                                .arity("1")
                                .paramLabel("ID")
                                .hidden(true)
                                .description(
                                        "The dashboard's request that this is done for; what becomes of it is noted there.")
                                .build()));
    }

    /** The request that a verb is run for; null for none, and where only help is asked for. */
    static @Nullable String of(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult verb = parsed.subcommand();
        return verb == null || verb.isUsageHelpRequested() || !verb.hasMatchedOption(NAME)
                ? null
                : verb.matchedOptionValue(NAME, "");
    }

    /** The same command line, but for the request. */
    static List<String> without(List<String> arguments) {
        List<String> rest = new ArrayList<>();
        boolean isItsValue = false;
        for (String argument : arguments) {
            if (!isItsValue && !argument.equals(NAME) && !argument.startsWith(NAME + "=")) {
                rest.add(argument);
            }
            isItsValue = !isItsValue && argument.equals(NAME);
        }
        return rest;
    }
}
