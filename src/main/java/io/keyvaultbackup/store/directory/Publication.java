package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Brings a blob to its name: whole beside its place first, on the disk, then there at once. Safe for use by many threads.
 *
 * <p>A hard link gives the name, since it never takes one that is in use. Where a file system has none (FAT, some network and
 * user-space ones) the file is moved there instead; that would replace what is there, and only the {@linkplain NameLocks lock},
 * under which nothing was there a moment ago, keeps it from doing so.
 */
final class Publication {

    private final Durable durable;
    private final NameLocks locks;
    private final Linker linker;

    /** {@link Files#createLink} */
    @FunctionalInterface
    interface Linker {
        void link(Path link, Path existing) throws IOException;
    }

    Publication(Durable durable, NameLocks locks, Linker linker) {
        this.durable = durable;
        this.locks = locks;
        this.linker = linker;
    }

    /** True if these bytes have the name now, false if it was taken already. */
    boolean publish(String name, Path target, BlobContent content, SortedMap<String, String> metadata)
            throws IOException {
        Path blob = temporary(target);
        Path sidecar = temporary(target);
        try {
            String written = durable.write(blob, content.source(), content.length());
            if (!written.equals(content.sha256()) || Files.size(blob) != content.length()) {
                throw FileFailures.of(
                        FailureReason.UNKNOWN, "the bytes for " + target + " changed while they were written");
            }
            byte[] entries = Sidecar.bytes(metadata);
            durable.write(sidecar, entries);
            boolean published = locks.holding(name, () -> claim(blob, sidecar, target));
            durable.forceDirectory(Durable.parent(target));
            return published;
        } finally {
            Files.deleteIfExists(blob);
            Files.deleteIfExists(sidecar);
        }
    }

    /** Gives a blob its metadata back, whose sidecar was lost. */
    void mend(String name, Path target, SortedMap<String, String> metadata) throws IOException {
        Path sidecar = temporary(target);
        try {
            byte[] entries = Sidecar.bytes(metadata);
            durable.write(sidecar, entries);
            locks.holding(name, () -> replaceSidecar(sidecar, target));
        } finally {
            Files.deleteIfExists(sidecar);
        }
    }

    /** The sidecar goes first, over one that a writer left who died before its blob was there: a blob that exists has its metadata. */
    private boolean claim(Path blob, Path sidecar, Path target) throws IOException {
        if (Durable.exists(target)) {
            return false;
        }
        replaceSidecar(sidecar, target);
        try {
            linker.link(target, blob);
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            Files.move(blob, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return true;
    }

    private static Path replaceSidecar(Path sidecar, Path target) throws IOException {
        return Files.move(
                sidecar, Sidecar.of(target), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Hidden, and of a name that no other try has, in this process or another. */
    private static Path temporary(Path target) {
        return target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    }
}
