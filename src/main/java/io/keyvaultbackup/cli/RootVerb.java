package io.keyvaultbackup.cli;

import io.keyvaultbackup.launch.ToolVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "keyvault-backup",
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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "No verb is given: one of backup, retry, stop, runs, snapshots, ls, find, diff, pin, unpin, tag, verify, export, restore, drill, forget, protect, doctor, serve, worker, version, completion, help.");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {ToolVersion.ofProgram()};
        }
    }
}
