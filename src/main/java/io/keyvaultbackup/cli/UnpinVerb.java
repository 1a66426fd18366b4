package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "unpin",
        description = {
            "Takes the pin off snapshots, so that a policy may forget them. Their tags stay.",
            "Where labels are to be signed (keyvault-backup.signature.public-key-file), only a signed unpinning counts: this"
                    + " needs the signer, too."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup unpin 20261124T030000Z-4f2a9c --vault team-a",
            "  keyvault-backup unpin @2026-10-01 --vault team-a --json"
        })
final class UnpinVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private LabelOptions options = new LabelOptions();

    UnpinVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        return options.change(terminal, application, new ArrayList<>(), labels -> labels.withPinned(false));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return LabelOptions.EXIT_CODES;
    }
}
