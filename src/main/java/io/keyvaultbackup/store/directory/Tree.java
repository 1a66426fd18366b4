package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.StoredBlob;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The blobs below a directory whose names have a prefix, sorted by name. A directory is read when its turn comes, and only if
 * something in it can have the prefix; what is no blob's name (temporaries, locks, sidecars, files of others) is passed over.
 * For one thread.
 */
final class Tree implements Iterator<StoredBlob> {

    private final Path root;
    private final String prefix;
    private final boolean withMetadata;

    /** What is still to be visited, the next on top; a directory's name ends with a slash, which is also what sorts it right. */
    private final Deque<String> pending = new ArrayDeque<>();

    private @Nullable StoredBlob next;

    Tree(Path root, String prefix, boolean withMetadata) {
        this.root = root;
        this.prefix = prefix;
        this.withMetadata = withMetadata;
        String directory = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        if (isLegal(directory)) {
            pending.push(directory);
        }
    }

    private static boolean isLegal(String directory) {
        return directory.isEmpty()
                || Arrays.stream(directory.substring(0, directory.length() - 1).split("/", -1))
                        .allMatch(BlobName::isPart);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !pending.isEmpty()) {
            String name = pending.pop();
            try {
                if (name.isEmpty() || name.endsWith("/")) {
                    descend(name);
                } else {
                    next = blob(root.resolve(name), name, withMetadata);
                }
            } catch (IOException failed) {
                throw FileFailures.of("read", root.resolve(name), failed);
            }
        }
        return next != null;
    }

    @Override
    public StoredBlob next() {
        StoredBlob blob = hasNext() ? next : null;
        if (blob == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return blob;
    }

    /** What is at a place, or null if that is no blob, or is gone. */
    static @Nullable StoredBlob blob(Path file, String name) throws IOException {
        return blob(file, name, true);
    }

    private static @Nullable StoredBlob blob(Path file, String name, boolean withMetadata) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? new StoredBlob(name, attributes.size(), null, withMetadata ? Sidecar.read(file) : Map.of())
                    : null;
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private void descend(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
            for (Path entry : entries) {
                String part = String.valueOf(entry.getFileName());
                String name = directory + part + (Files.isDirectory(entry) ? "/" : "");
                if (BlobName.isPart(part) && (name.startsWith(prefix) || prefix.startsWith(name))) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        } catch (NoSuchFileException | NotDirectoryException nothingThere) {
            return;
        }
        names.sort(Comparator.reverseOrder());
        names.forEach(pending::push);
    }
}
