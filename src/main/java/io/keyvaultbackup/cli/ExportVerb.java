package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes the copy of one object into a file that az, PowerShell and 'restore --file' can restore.",
            "The manifest and the copy are checked first. No job database and no vault is asked. Whoever has the file and may restore"
                    + " in the subscription and geography of the vault can use it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup export secret/db-password --out db-password.backup",
            "  keyvault-backup export certificate/site --snapshot @2026-11-24 --vault team-a --out site.backup",
            "  az keyvault secret restore --vault-name team-b --file db-password.backup"
        })
final class ExportVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Parameters(index = "0", paramLabel = "OBJECT", description = "Its kind and name: secret/db-password.")
    private String object = "";

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            defaultValue = "latest",
            description = "latest, @DATE, or a snapshot's ID or the start of one (default: ${DEFAULT-VALUE}).")
    private String snapshot = "latest";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where to; a file that is there already is left alone.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    ExportVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        SnapshotReference reference = StoreReader.reference(snapshot, problems);
        Optional<ObjectId> id = objectOf(object);
        if (id.isEmpty()) {
            problems.add("OBJECT: '" + object + "' is not an object's kind and name, such as secret/db-password");
        }
        return StoreReader.read(
                application, places, common, problems, CheckedCopies.class, (catalogue, vaults, copies) -> {
                    StoredSnapshot found = catalogue.find(reference, vaults);
                    LedgerObject wanted = copies.find(found, id.orElseThrow());
                    ObjectResult.Blob copy = copyOf(found, wanted);
                    BackupFiles.write(
                            out, copies.read(found.vault(), wanted.object().id(), copy));
                    report(found, wanted.object().id(), copy);
                    return ExitCode.DONE;
                });
    }

    private static Optional<ObjectId> objectOf(String text) {
        int slash = text.indexOf('/');
        try {
            return slash < 1 || slash == text.length() - 1
                    ? Optional.empty()
                    : Optional.of(new ObjectId(ObjectKind.ofWord(text.substring(0, slash)), text.substring(slash + 1)));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static ObjectResult.Blob copyOf(StoredSnapshot snapshot, LedgerObject wanted) {
        ObjectResult.@Nullable Blob copy = wanted.result().blob();
        if (copy != null) {
            return copy;
        }
        ObjectId id = wanted.object().id();
        Outcome outcome = wanted.result().outcome();
        throw new RunRefusedException(
                RunRefusedException.Cause.STORE_NOT_FOUND,
                outcome == Outcome.COVERED_BY_CERTIFICATE
                        ? id
                                + " is part of the certificate of that name, whose copy holds it: keyvault-backup export certificate/"
                                + id.name() + " --snapshot " + snapshot.id() + " --out FILE"
                        : "Snapshot " + snapshot.id() + " has no copy of " + id + ": it is " + outcome
                                + " there. 'keyvault-backup find " + id.name() + "' tells of its state in others.");
    }

    private void report(StoredSnapshot from, ObjectId id, ObjectResult.Blob copy) {
        if (common.json()) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("vault", from.vault());
            summary.put("snapshot", from.id().value());
            summary.put("object", id.toString());
            summary.put("file", out.toString());
            summary.put("size", copy.size());
            summary.put("sha256", copy.sha256());
            summary.put("exit_code", ExitCode.DONE.number());
            new JsonLines(terminal.out()).print("summary", summary);
            return;
        }
        terminal.out()
                .println(Printable.line(id + " as of snapshot " + from.id() + " of " + from.vault() + ": " + copy.size()
                        + " bytes in " + out));
        terminal.out()
                .println(Printable.line(
                        "Restore it: az keyvault " + id.kind().word() + " restore --vault-name VAULT --file "
                                + out + ", or keyvault-backup restore --file " + out + " --kind "
                                + id.kind().word() + " --to VAULT"));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE,
                ExitCode.FAILED,
                ExitCode.WRONG_USAGE,
                ExitCode.DAMAGED,
                ExitCode.NOT_FOUND,
                ExitCode.NOT_AUTHORISED);
    }
}
