package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Looks whether copies can be written into the directory, by writing a hidden file there and removing it. */
final class DirectoryExamination implements Examination {

    private static final long LITTLE = 1L << 30;

    private final Path root;

    DirectoryExamination(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public String subject() {
        return "store " + root;
    }

    @Override
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        Path place = Files.exists(root) ? root : Objects.requireNonNull(root.getParent());
        if (!Files.isDirectory(place)) {
            findings.add(Finding.failed(
                    "reach",
                    Failure.of(
                            FailureReason.STORE_NOT_FOUND,
                            place.equals(root) ? root + " is a file" : place + ", the directory above, does not exist"),
                    "Create it (mkdir -p " + place + "), or name another directory as the store."));
            return findings;
        }
        findings.add(Finding.ok(
                "reach", place.equals(root) ? "the directory is there" : "the first backup makes it in " + place));
        findings.add(add(place));
        findings.add(Finding.warning(
                "overwrite, delete",
                "a directory protects nothing: whoever this runs as, or owns the machine, can change and delete the copies",
                "Copy it elsewhere, or use a blob container with immutability for copies that have to survive that."));
        findings.add(room(place));
        return findings;
    }

    private static Finding add(Path place) {
        try {
            Files.delete(Files.createTempFile(place, ".keyvault-backup-doctor", ""));
            return Finding.ok("add", "files can be written");
        } catch (IOException failed) {
            return Finding.failed(
                    "add",
                    FileFailures.of("write", place, failed).failure(),
                    "Let the user that this runs as write there (chown or chmod), or mount it writable.");
        }
    }

    private static Finding room(Path place) {
        try {
            long free = Files.getFileStore(place).getUsableSpace();
            String message = String.format(Locale.ROOT, "%.1f GB are free", free / 1e9);
            return free < LITTLE
                    ? Finding.warning("room", message, "Make room: a full run needs about 10 kB for each object.")
                    : Finding.ok("room", message);
        } catch (IOException failed) {
            return Finding.warning("room", "how much is free is not known", "Look with: df -h " + place);
        }
    }
}
