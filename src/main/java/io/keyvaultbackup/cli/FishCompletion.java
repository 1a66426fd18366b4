package io.keyvaultbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the fish shell's completions: one {@code complete} line for each verb, option and set of values. */
final class FishCompletion {

    private final CommandLine root;
    private final String program;
    private final List<String> lines = new ArrayList<>();

    FishCompletion(CommandLine root) {
        this.root = root;
        this.program = root.getCommandName();
    }

    String script() {
        lines.clear();
        lines.add("# fish completions for " + program);
        lines.add("complete -c " + program + " -f");
        options(root, "__fish_use_subcommand");
        root.getSubcommands().forEach((name, verb) -> {
            String[] description = verb.getCommandSpec().usageMessage().description();
            complete("__fish_use_subcommand", "-a " + name, description.length == 0 ? "" : description[0]);
            options(verb, "__fish_seen_subcommand_from " + name);
        });
        return String.join("\n", lines) + "\n";
    }

    private void options(CommandLine command, String where) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.hidden()) {
                continue;
            }
            StringBuilder names = new StringBuilder();
            for (String name : option.names()) {
                names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            complete(where, names.substring(1) + values(option), firstOf(option));
        }
        for (ArgSpec parameter : command.getCommandSpec().positionalParameters()) {
            String words = candidates(parameter);
            if (!words.isEmpty()) {
                complete(where, "-a " + quoted(words), firstOf(parameter));
            }
        }
        if (command.getCommand() instanceof CommandLine.HelpCommand) {
            complete(
                    where, "-a " + quoted(String.join(" ", root.getSubcommands().keySet())), "");
        }
    }

    private static String values(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        String words = candidates(option);
        if (!words.isEmpty()) {
            return " -x -a " + quoted(words);
        }
        return option.typeInfo().getType() == Path.class ? " -r -F" : " -x";
    }

    private static String candidates(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null
                ? ""
                : String.join(
                        " ",
                        StreamSupport.stream(candidates.spliterator(), false).toList());
    }

    private static String firstOf(ArgSpec argument) {
        String[] description = argument.description();
        return description.length == 0 ? "" : description[0];
    }

    private void complete(String where, String what, String description) {
        String plain = description
                .replace("%%", "%")
                .replaceAll(" \\(default: \\$\\{DEFAULT-VALUE}\\)", "")
                .replaceAll("One of \\$\\{COMPLETION-CANDIDATES}", "The shell");
        lines.add("complete -c " + program + " -n " + quoted(where) + " " + what
                + (plain.isEmpty() ? "" : " -d " + quoted(plain)));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
