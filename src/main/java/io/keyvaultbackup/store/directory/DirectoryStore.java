package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobMetadata;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory: each blob is a file of its name, and its metadata a {@code .meta} file beside it. The directory itself is
 * made by the first put; the one above it must be there. Safe for use by many threads and by many processes at a time.
 *
 * <p>What a crash leaves (hidden temporaries, a {@code .meta} file without its blob) is never seen, and may be deleted. Unlike in
 * Blob Storage {@code a} and {@code a/b} can't both be blobs, and where the file system ignores case neither can {@code a} and
 * {@code A}: the second is a {@code STORE_CONFLICT}. No versions are kept, and nothing is protected.
 */
public final class DirectoryStore implements BackupStore {

    private static final int READ_IN_ORDER = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;

    private final Path root;
    private final Durable durable;
    private final Publication publication;

    public DirectoryStore(Path root) {
        this(root, Files::createLink);
    }

    DirectoryStore(Path root, Publication.Linker linker) {
        this.root = root.toAbsolutePath().normalize();
        this.durable = new Durable(this.root);
        this.publication = new Publication(durable, new NameLocks(this.root, durable), linker);
    }

    @Override
    public StoredBlob put(String name, BlobContent content, Map<String, String> given, Protection asked) {
        Path target = root.resolve(BlobName.check(name));
        SortedMap<String, String> metadata = BlobMetadata.of(content, given);
        requirePlace(root);
        try {
            prepareDirectoryOf(target);
            boolean published = !Durable.exists(target) && publication.publish(name, target, content, metadata);
            return published
                    ? new StoredBlob(name, content.length(), null, metadata)
                    : present(name, target, content, metadata);
        } catch (IOException failed) {
            throw FileFailures.of("write", target, failed);
        }
    }

    private void prepareDirectoryOf(Path target) throws IOException {
        try {
            durable.createDirectories(root, Durable.parent(target));
        } catch (FileSystemException failed) {
            for (Path above = target.getParent(); above != null && above.startsWith(root); above = above.getParent()) {
                if (!above.equals(root) && Files.isRegularFile(above)) {
                    throw FileFailures.of(
                            FailureReason.STORE_CONFLICT, above + " is a blob, so nothing can be named below it");
                }
            }
            throw failed;
        }
    }

    /** The name is taken: by the very same bytes, which then only have to be as safe as if they had been written now, or by others. */
    private StoredBlob present(String name, Path target, BlobContent content, SortedMap<String, String> metadata)
            throws IOException {
        StoredBlob blob = Tree.blob(target, name);
        if (blob == null) {
            throw FileFailures.of(FailureReason.STORE_CONFLICT, target + " is there already, and is no blob");
        }
        if (blob.size() != content.length() || !sha256Of(target).equals(content.sha256())) {
            throw FileFailures.of(FailureReason.STORE_CONFLICT, target + " is there already, with other bytes");
        }
        boolean whole = content.sha256().equals(blob.metadata().get(StoredBlob.SHA_256));
        if (!whole) {
            publication.mend(name, target, metadata);
        }
        durable.forceDirectory(Durable.parent(target));
        return whole ? blob : new StoredBlob(name, blob.size(), null, metadata);
    }

    @Override
    public Optional<StoredBlob> find(String name) {
        Path target = root.resolve(BlobName.check(name));
        requirePlace(root);
        try {
            return Optional.ofNullable(Tree.blob(target, name));
        } catch (IOException failed) {
            throw FileFailures.of("read", target, failed);
        }
    }

    @Override
    public InputStream open(String name, @Nullable String version) {
        Path target = root.resolve(BlobName.check(name));
        requirePlace(root);
        try {
            // Also not a pipe or a device, which would keep its reader waiting for ever.
            if (!Files.readAttributes(target, BasicFileAttributes.class).isRegularFile()) {
                throw notFound(target);
            }
            return Files.newInputStream(target);
        } catch (NoSuchFileException none) {
            throw notFound(target);
        } catch (IOException failed) {
            throw FileFailures.of("read", target, failed);
        }
    }

    private static RuntimeException notFound(Path target) {
        return FileFailures.of(FailureReason.NOT_FOUND, "there is no blob " + target);
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return list(prefix, true);
    }

    @Override
    public Stream<StoredBlob> listNames(String prefix) {
        return list(prefix, false);
    }

    private Stream<StoredBlob> list(String prefix, boolean withMetadata) {
        requirePlace(root);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Tree(root, prefix, withMetadata), READ_IN_ORDER), false);
    }

    @Override
    public List<String> folders() {
        requirePlace(root);
        try (Stream<Path> entries = Files.exists(root) ? Files.list(root) : Stream.empty()) {
            return entries.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(BlobName::isPart)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException failed) {
            throw FileFailures.of(
                    "list", root, failed instanceof IOException unread ? unread : new IOException(failed));
        }
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public String toString() {
        return "directory " + root;
    }

    /** The root may be missing, as long as it can be made. */
    static void requirePlace(Path root) {
        // In this order: another writer may make it between the two looks.
        if (Files.exists(root)) {
            if (!Files.isDirectory(root)) {
                throw FileFailures.of(FailureReason.STORE_NOT_FOUND, root + " is a file, not a directory");
            }
            return;
        }
        Path parent = root.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw FileFailures.of(
                    FailureReason.STORE_NOT_FOUND, "the directory above " + root + " does not exist: " + parent);
        }
    }

    private static String sha256Of(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return Sha256.of(bytes);
        }
    }
}
