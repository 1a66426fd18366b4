package io.keyvaultbackup.cli;

import io.keyvaultbackup.launch.ToolVersion;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "version",
        description = "Prints the version of this program and of the Java it runs on.",
        footerHeading = "%nExamples:%n",
        footer = {"  keyvault-backup version", "  keyvault-backup version --json"})
final class VersionVerb implements Verb {

    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    VersionVerb(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (common.json()) {
            new JsonLines(terminal.out())
                    .print(
                            "version",
                            Map.of(
                                    "version",
                                    ToolVersion.current(),
                                    "java",
                                    Runtime.version().toString()));
        } else {
            terminal.out().println(ToolVersion.ofProgramAndJava());
        }
        return ExitCode.DONE.number();
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.DONE, ExitCode.WRONG_USAGE);
    }
}
