package io.keyvaultbackup.cli;

import io.keyvaultbackup.launch.ToolVersion;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = RootVerb.NAME,
        description = "Backs up every secret, key and certificate of Azure Key Vaults, and tells what became of each.",
        mixinStandardHelpOptions = true,
        versionProvider = RootVerb.Version.class,
        subcommands = {
            BackupVerb.class,
            RetryVerb.class,
            StopVerb.class,
            RunsVerb.class,
            SnapshotsVerb.class,
            LsVerb.class,
            FindVerb.class,
            DiffVerb.class,
            PinVerb.class,
            UnpinVerb.class,
            TagVerb.class,
            VerifyVerb.class,
            ExportVerb.class,
            RestoreVerb.class,
            DrillVerb.class,
            ForgetVerb.class,
            ProtectVerb.class,
            DoctorVerb.class,
            ServeVerb.class,
            WorkerVerb.class,
            VersionVerb.class,
            CompletionVerb.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "VERB",
        footer = {"", "Each verb has its own --help, with examples and exit codes."})
final class RootVerb implements Runnable {

    static final String NAME = "keyvault-backup";

    /** These tell of all the others. */
    private static final Set<Class<?>> KNOW_ALL = Set.of(CompletionVerb.class, CommandLine.HelpCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "No verb is given: one of backup, retry, stop, runs, snapshots, ls, find, diff, pin, unpin, tag, verify, export, restore, drill, forget, protect, doctor, serve, worker, version, completion, help.");
    }

    /** With the verb that is named first, if one is, and without the others: to read them all takes a tenth of a start. */
    static CommandLine of(CommandLine.IFactory verbs, String... arguments) {
        for (Class<?> verb : RootVerb.class.getAnnotation(Command.class).subcommands()) {
            if (arguments.length > 0
                    && verb.getAnnotation(Command.class).name().equals(arguments[0])
                    && !KNOW_ALL.contains(verb)) {
                return new CommandLine(new WithOneVerb(), verbs).addSubcommand(verb);
            }
        }
        return new CommandLine(new RootVerb(), verbs);
    }

    @Command(name = NAME)
    private static final class WithOneVerb {}

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {ToolVersion.ofProgram()};
        }
    }
}
