package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs one command line: finds the verb, gives it its options, and turns whatever it throws into words and an exit code. */
public final class CommandLineInterface {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    private CommandLineInterface(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    /** On this process's standard output and error. */
    public static CommandLineInterface ofThisProcess(Class<?> application) {
        Terminal terminal = Terminal.ofThisProcess();
        return new CommandLineInterface(
                terminal, new Application(application), () -> Interrupts.ofThisProcess(terminal));
    }

    /** On these streams, with nobody watching; further sources replace beans. */
    public static CommandLineInterface on(PrintStream out, PrintStream err, Class<?>... sources) {
        return on(out, err, new StopSignal(), sources);
    }

    /** The same; this signal stops what runs, as Ctrl-C does in a process of its own. */
    public static CommandLineInterface on(PrintStream out, PrintStream err, StopSignal stop, Class<?>... sources) {
        return new CommandLineInterface(Terminal.plain(out, err), new Application(sources), () -> stop);
    }

    /** With these environment variables instead of the process's. */
    static CommandLineInterface in(Map<String, String> environment, Terminal terminal, Class<?>... sources) {
        return new CommandLineInterface(terminal, new Application(sources).in(environment), StopSignal::new);
    }

    /** As part of another verb, whose signal stops this one too. */
    static CommandLineInterface within(Terminal terminal, Application application, StopSignal stop) {
        return new CommandLineInterface(terminal, application, () -> stop);
    }

    /** Returns the exit code. */
    public int execute(String... arguments) {
        String outOfMemory = StartFailures.outOfMemory(); // there may be none left to find the words then
        try {
            return commandLine(arguments).execute(arguments);
        } catch (Error broken) { // memory, mostly: picocli turns only exceptions into words
            return about(broken, outOfMemory, List.of(arguments));
        }
    }

    private int about(Error broken, String outOfMemory, List<String> given) {
        try {
            return new Complaint(terminal, given.contains("--json"), given.contains("--debug"))
                    .about(broken)
                    .number();
        } catch (OutOfMemoryError again) {
            terminal.err().println(outOfMemory);
            return ExitCode.FAILED.number();
        }
    }

    private CommandLine commandLine(String... arguments) {
        CommandLine commandLine = RootVerb.of(new Verbs(terminal, application, stops), arguments);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setOut(new PrintWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8), true));
        commandLine.setErr(new PrintWriter(new OutputStreamWriter(terminal.err(), StandardCharsets.UTF_8), true));
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        RequestOption.addTo(commandLine);
        commandLine.setExecutionStrategy(this::run);
        commandLine.setParameterExceptionHandler(this::notUnderstood);
        commandLine.setExecutionExceptionHandler((failed, verb, parsed) -> {
            CommandLine.ParseResult ofVerb = verb.getParseResult();
            boolean debug = ofVerb.matchedOptionValue("--debug", false);
            boolean json = ofVerb.matchedOptionValue("--json", false);
            return new Complaint(terminal, json, debug).about(failed).number();
        });
        commandLine.getSubcommands().values().forEach(CommandLineInterface::listExitCodes);
        return commandLine;
    }

    /** The verb, or, where it is asked for at the dashboard, the verb with its request. */
    private int run(CommandLine.ParseResult parsed) {
        String request = RequestOption.of(parsed);
        if (request == null) {
            return new CommandLine.RunLast().execute(parsed);
        }
        return new RequestedRun(terminal, application, stops.get())
                .run(request, RequestOption.without(parsed.originalArgs()), CommonOptions.of(parsed.subcommand()))
                .number();
    }

    private static void listExitCodes(CommandLine verb) {
        if (verb.getCommand() instanceof Verb ours) {
            verb.getCommandSpec()
                    .usageMessage()
                    .exitCodeListHeading("%nExit codes:%n")
                    .exitCodeList(ExitCode.help(ours.exitCodes()));
        }
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
