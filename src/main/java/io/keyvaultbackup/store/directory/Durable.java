package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.Set;

/**
 * Files and directories that are on the disk, not only in the system's memory, when a method returns; for their owner's eyes only
 * where the file system knows owners (0600 and 0700). Safe for use by many threads.
 */
final class Durable {

    private static final int LARGEST_BUFFER = 64 * 1024;

    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private static final FileAttribute<?>[] OWNERS_FILE = permissions("rw-------");
    private static final FileAttribute<?>[] OWNERS_DIRECTORY = permissions("rwx------");

    private final boolean posix;

    Durable(Path root) {
        this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Makes this directory and, up to but not beyond the base, those above it; finds it there already, or makes it at once with others. */
    void createDirectories(Path base, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (!directory.equals(base)) {
            createDirectories(base, parent(directory));
        }
        try {
            Files.createDirectory(directory, posix ? OWNERS_DIRECTORY : NO_ATTRIBUTES);
            forceDirectory(parent(directory));
        } catch (FileAlreadyExistsException other) {
            if (!Files.isDirectory(directory)) {
                throw other;
            }
        }
    }

    /** Writes a new file of these bytes; a piece at a time, since the JDK copies a piece, and keeps the room for that. */
    void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel output = create(file)) {
            for (int start = 0; start < bytes.length; start += LARGEST_BUFFER) {
                writeAll(output, ByteBuffer.wrap(bytes, start, Math.min(LARGEST_BUFFER, bytes.length - start)));
            }
            output.force(true);
        }
    }

    /**
     * Writes a new file whole, and returns the SHA-256 of what went into it.
     *
     * @param length what is expected: most are far shorter than the buffer that a long one needs
     */
    String write(Path file, BlobContent.Source source, long length) throws IOException {
        try (DigestInputStream input = new DigestInputStream(source.open(), Sha256.digest());
                FileChannel output = create(file)) {
            copy(input, output, (int) Math.min(LARGEST_BUFFER, Math.max(1, length)));
            output.force(true);
            return Sha256.text(input.getMessageDigest());
        }
    }

    private FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                posix ? OWNERS_FILE : NO_ATTRIBUTES);
    }

    private static void copy(InputStream input, FileChannel output, int size) throws IOException {
        byte[] buffer = new byte[size];
        for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
            writeAll(output, ByteBuffer.wrap(buffer, 0, count));
        }
    }

    private static void writeAll(FileChannel output, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            output.write(bytes);
        }
    }

    /** Makes the names in a directory survive a loss of power. Windows can't open a directory, and keeps its names by itself. */
    void forceDirectory(Path directory) throws IOException {
        if (posix) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    static Path parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(path + " has no directory above it");
        }
        return parent;
    }

    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileAttribute<?>[] permissions(String text) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))};
    }
}
