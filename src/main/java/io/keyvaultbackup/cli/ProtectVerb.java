package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.snapshot.Extension;
import io.keyvaultbackup.snapshot.Extensions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code protect}: retentions that end before those of the snapshots that need the blobs are extended. */
@Command(
        name = "protect",
        description = {
            "Extends the retention of copies, manifests and signatures that ends before a snapshot that",
            "refers to them is to be kept (backup --immutable-for). Nothing is ever shortened. It holds the",
            "vault's lease. Run it as an identity of its own: docs/immutability.md."
        },
        footer = {
            "",
            "Examples:",
            "  keyvault-backup protect --store https://account.blob.core.windows.net/backups --dry-run",
            "  keyvault-backup protect --vault team-a --json"
        })
final class ProtectVerb implements Verb {

    private static final int MOST_TOLD = 50;

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(names = "--dry-run", description = "Count what ends early; extend nothing.")
    private boolean dryRun;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ProtectVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        Complaint complaint = new Complaint(terminal, common.json(), common.debug());
        return StoreReader.read(
                application, places, common, new ArrayList<>(), Extensions.class, (catalogue, vaults, extensions) -> {
                    List<ExitCode> codes = new ArrayList<>();
                    boolean anywhere = vaults.stream().anyMatch(extensions::isPossibleFor);
                    for (String vault : vaults) {
                        if (anywhere && !extensions.isPossibleFor(vault)) {
                            passedOver(vault);
                            codes.add(ExitCode.DONE);
                            continue;
                        }
                        try {
                            codes.add(tell(extensions.extend(vault, dryRun)));
                        } catch (RuntimeException failed) { // the next vault is protected all the same
                            codes.add(complaint.about(failed, vault));
                        }
                    }
                    return ExitCode.together(codes);
                });
    }

    /** One of several whose store is another. */
    private void passedOver(String vault) {
        if (common.json()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("vault", vault);
            line.put("dry_run", dryRun);
            line.put("possible", false);
            line.put("exit_code", ExitCode.DONE.number());
            new JsonLines(terminal.out()).print("summary", line);
        } else {
            terminal.out()
                    .println(Printable.line(vault)
                            + ": passed over, as its store is a directory, which can protect nothing");
        }
    }

    private ExitCode tell(Extension extension) {
        ExitCode code = codeOf(extension);
        if (common.json()) {
            json(extension, code);
        } else {
            text(extension);
        }
        return code;
    }

    private static ExitCode codeOf(Extension extension) {
        List<Incident> incidents = extension.incidents();
        if (incidents.isEmpty()) {
            return ExitCode.DONE;
        }
        boolean notAllowed = extension.extended() == 0
                && incidents.stream()
                        .allMatch(incident -> incident.failure().reason().isMissingPermission());
        return notAllowed ? ExitCode.NOT_AUTHORISED : ExitCode.INCOMPLETE;
    }

    private void text(Extension extension) {
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%s: %,d snapshots to be kept, %,d blobs; the retention of %,d ends early, %s%n",
                        Printable.line(extension.vault()),
                        extension.snapshots(),
                        extension.blobs(),
                        extension.endingEarly(),
                        dryRun
                                ? "nothing was changed"
                                : String.format(Locale.ROOT, "that of %,d is extended", extension.extended()));
        extension.incidents().stream()
                .limit(MOST_TOLD)
                .forEach(incident -> terminal.out()
                        .printf(
                                "  %s%n      %s%n      -> %s%n",
                                Printable.line(incident.subject()),
                                Printable.line(incident.failure().describe()),
                                incident.failure().reason().advice()));
    }

    private void json(Extension extension, ExitCode code) {
        JsonLines lines = new JsonLines(terminal.out());
        for (Incident incident : extension.incidents()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("vault", extension.vault());
            line.put("object", incident.subject());
            line.put("reason", incident.failure().reason().name());
            line.put("message", incident.failure().message());
            line.put("advice", incident.failure().reason().advice());
            lines.print("error", line);
        }
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vault", extension.vault());
        line.put("dry_run", dryRun);
        line.put("snapshots", extension.snapshots());
        line.put("blobs", extension.blobs());
        line.put("ending_early", extension.endingEarly());
        line.put("extended", extension.extended());
        line.put("failures", extension.incidents().size());
        line.put("exit_code", code.number());
        lines.print("summary", line);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE,
                ExitCode.FAILED,
                ExitCode.WRONG_USAGE,
                ExitCode.INCOMPLETE,
                ExitCode.NOT_FOUND,
                ExitCode.HELD,
                ExitCode.NOT_AUTHORISED);
    }
}
