package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The one file that a verb writes, or is given to read: a backup of one object. */
final class BackupFiles {

    /** Several times what 500 versions of the largest secret take; whatever else the file may be, it is no backup. */
    private static final int LARGEST = 64 * 1024 * 1024;

    private BackupFiles() {}

    /**
     * All of it.
     *
     * @throws RunRefusedException if it can not be read
     */
    static byte[] read(Path file) {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] content = input.readNBytes(LARGEST + 1);
            if (content.length == 0 || content.length > LARGEST) {
                throw refused("--file: " + file + " holds " + (content.length == 0 ? "nothing" : "more than 64 MB")
                        + ", and is no backup of one object.");
            }
            return content;
        } catch (NoSuchFileException none) {
            throw refused("--file: there is no " + file + ".");
        } catch (IOException failed) {
            throw refused("--file: " + file + " can not be read: " + said(failed) + ".");
        }
    }

    /**
     * Writes it, for the eyes of its owner; what is there already is left alone, and if it fails nothing is left.
     *
     * @throws RunRefusedException if there can be no such file
     * @throws UncheckedIOException if it could not be written, for want of room above all
     */
    static void write(Path file, byte[] content) {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forTheOwner());
        } catch (FileAlreadyExistsException there) {
            throw refused("--out: " + file + " is there already, and is left alone. Give another name, or remove it.");
        } catch (IOException failed) {
            throw refused("--out: " + file + " can not be made: " + said(failed) + ".");
        }
        try (channel) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException failed) {
            remove(file);
            throw new UncheckedIOException("cannot write " + file + ": " + said(failed), failed);
        }
    }

    private static String said(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "access denied";
            case NoSuchFileException none -> "there is no such directory";
            case FileSystemException named when named.getReason() != null -> named.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }

    private static FileAttribute<?>[] forTheOwner() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException stays) {
            // what failed first is told
        }
    }

    private static RunRefusedException refused(String message) {
        return new RunRefusedException(RunRefusedException.Cause.WRONG_USAGE, message);
    }
}
