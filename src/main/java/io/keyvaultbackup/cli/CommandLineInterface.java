package io.keyvaultbackup.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs one command line: finds the verb, gives it its options, and turns whatever it throws into words and an exit code. */
public final class CommandLineInterface {

    private final Terminal terminal;
    private final Application application;

    private CommandLineInterface(Terminal terminal, Class<?>... sources) {
        this.terminal = terminal;
        this.application = new Application(sources);
    }

    /** On this process's standard output and error. */
    public static CommandLineInterface ofThisProcess(Class<?> application) {
        return new CommandLineInterface(Terminal.ofThisProcess(), application);
    }

    /** On these streams, with nobody watching; further sources replace beans. */
    public static CommandLineInterface on(PrintStream out, PrintStream err, Class<?>... sources) {
        return new CommandLineInterface(new Terminal(out, err, false), sources);
    }

    /** Returns the exit code. */
    public int execute(String... arguments) {
        CommandLine commandLine = new CommandLine(new RootVerb(), new Verbs(terminal, application));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setOut(new PrintWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8), true));
        commandLine.setErr(new PrintWriter(new OutputStreamWriter(terminal.err(), StandardCharsets.UTF_8), true));
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setParameterExceptionHandler(this::notUnderstood);
        commandLine.setExecutionExceptionHandler((failed, verb, parsed) -> {
            CommandLine.ParseResult ofVerb = verb.getParseResult();
            boolean debug = ofVerb.matchedOptionValue("--debug", false);
            boolean json = ofVerb.matchedOptionValue("--json", false);
            return new Complaint(terminal, json, debug).about(failed).number();
        });
        return commandLine.execute(arguments);
    }

    /** Says what was not understood, what may have been meant, and where to look. */
    private int notUnderstood(CommandLine.ParameterException wrong, String[] arguments) {
        StringWriter meant = new StringWriter();
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, new PrintWriter(meant));
        String verb = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String message = Stream.of(
                        String.valueOf(wrong.getMessage()),
                        meant.toString(),
                        "'" + verb + " --help' shows what there is.")
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(System.lineSeparator()));
        boolean json = List.of(arguments).contains("--json");
        return new Complaint(terminal, json, false).aboutUsage(message).number();
    }
}
