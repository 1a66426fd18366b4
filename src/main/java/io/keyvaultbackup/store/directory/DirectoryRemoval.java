package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.StoredBlob;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Takes blobs out of a {@link DirectoryStore}: gone from the disk, not only from the system's memory, when {@link #remove} returns. Folders
 * that hold nothing any more go as well. Safe for use by many threads and by many processes at a time.
 */
public final class DirectoryRemoval implements BlobRemoval {

    private final Path root;
    private final Durable durable;
    private final NameLocks locks;
    private final DirectoryStore store;

    public DirectoryRemoval(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.durable = new Durable(this.root);
        this.locks = new NameLocks(this.root, durable);
        this.store = new DirectoryStore(this.root);
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public void remove(StoredBlob blob, Runnable goOn) {
        Path target = root.resolve(BlobName.check(blob.name()));
        DirectoryStore.requirePlace(root);
        goOn.run();
        try {
            if (!Files.isDirectory(Durable.parent(target)) || Files.isDirectory(target)) {
                return;
            }
            locks.holding(blob.name(), () -> {
                takeAway(target);
                return true;
            });
            removeEmptyAbove(target);
        } catch (IOException failed) {
            throw FileFailures.of("remove", target, failed);
        }
    }

    /** The bytes first, and for good: a sidecar by itself is no blob, but bytes without theirs would be a blob that nobody knows. */
    private void takeAway(Path target) throws IOException {
        Path folder = Durable.parent(target);
        Files.deleteIfExists(target);
        durable.forceDirectory(folder);
        Files.deleteIfExists(Sidecar.of(target));
    }

    /** Whoever writes there just now makes its folder again at the next try. */
    private void removeEmptyAbove(Path target) throws IOException {
        for (Path folder = Durable.parent(target); !folder.equals(root); folder = Durable.parent(folder)) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException inUse) {
                return;
            } catch (NoSuchFileException goneAlready) {
                // by another remover; what is above it may still be there
            } catch (FileSystemException kept) {
                return; // an empty folder does no harm
            }
        }
    }
}
