package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.FileRestores;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = {
            "Restores one object, with all its versions, from a file that this program's export, az, PowerShell or the portal wrote.",
            "Nothing that exists is ever changed: where the name is taken, or a deleted object has it, that is said. No store and no job"
                    + " database is needed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup restore --file db-password.backup --to team-b",
            "  keyvault-backup restore --file site.backup --kind certificate --to https://team-b.vault.azure.net"
        })
final class RestoreVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            required = true,
            description = "The backup, as the service made it or as base64url text.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "secret, key or certificate. Of secrets and keys the file tells; if this says otherwise, nothing is sent.")
    private @Nullable String kind;

    @Option(
            names = "--to",
            paramLabel = "VAULT",
            required = true,
            description = "The vault's name or address; of the subscription and geography where the backup was made.")
    private String to = "";

    @Mixin
    private CommonOptions common = new CommonOptions();

    RestoreVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        @Nullable ObjectKind said = kindOf(problems);
        Map<String, String> properties = Map.of("spring.main.lazy-initialization", "true");
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.AZURE, problems)) {
            VaultAddress target =
                    addressOf(context.getBean(AzureProperties.class).cloud().vaultSuffix());
            FileRestores.Restored restored =
                    context.getBean(FileRestores.class).restore(BackupFiles.read(file), said, target);
            report(restored, target);
            return ExitCode.DONE.number();
        }
    }

    private @Nullable ObjectKind kindOf(List<String> problems) {
        try {
            return kind == null ? null : ObjectKind.ofWord(kind);
        } catch (IllegalArgumentException wrong) {
            problems.add("--kind: " + wrong.getMessage());
            return null;
        }
    }

    private VaultAddress addressOf(String suffix) {
        try {
            return VaultAddress.parse(to, suffix);
        } catch (IllegalArgumentException wrong) {
            throw new RunRefusedException(RunRefusedException.Cause.WRONG_USAGE, "--to: " + wrong.getMessage());
        }
    }

    private void report(FileRestores.Restored restored, VaultAddress target) {
        if (common.json()) {
            Map<String, @Nullable Object> summary = new LinkedHashMap<>();
            summary.put("vault", target.toString());
            summary.put("object", restored.object().toString());
            summary.put("versions", restored.versions() < 0 ? null : restored.versions());
            summary.put("file", file.toString());
            summary.put("exit_code", ExitCode.DONE.number());
            new JsonLines(terminal.out()).print("summary", summary);
            return;
        }
        String versions = restored.versions() < 0
                ? "; its versions could not be looked at"
                : ", with " + restored.versions() + (restored.versions() == 1 ? " version" : " versions");
        terminal.out().println(Printable.line("Restored " + restored.object() + " into " + target + versions + "."));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.DAMAGED, ExitCode.NOT_AUTHORISED);
    }
}
