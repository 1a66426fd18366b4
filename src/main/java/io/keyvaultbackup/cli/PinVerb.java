package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "pin",
        description = {
            "Pins snapshots: a pinned snapshot is never forgotten, whatever a policy says, until it is unpinned.",
            "The pin is kept in the store, beside the manifest; no job database and no vault is asked."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup pin latest --vault team-a",
            "  keyvault-backup pin 20261124T03 @2026-10-01 --store ./backups"
        })
final class PinVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private LabelOptions options = new LabelOptions();

    PinVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        return options.change(terminal, application, new ArrayList<>(), labels -> labels.withPinned(true));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return LabelOptions.EXIT_CODES;
    }
}
