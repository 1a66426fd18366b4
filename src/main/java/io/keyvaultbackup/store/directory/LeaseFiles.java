package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The notes of leases, each in a file of its vault's name. One at a time reads and changes a note, among all threads of all
 * processes; a crash, or a loss of power, leaves the old one or the new one whole, but for a disk that is full (see below). Safe for use by many threads.
 */
final class LeaseFiles {

    /** Below the store's root; hidden, so no blob's name. */
    static final String DIRECTORY = ".leases";

    private final Path root;
    private final Durable durable;
    private final NameLocks locks;

    LeaseFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.durable = new Durable(this.root);
        this.locks = new NameLocks(this.root, durable);
    }

    /** What is done to one note while nobody else can. */
    @FunctionalInterface
    interface Change<T> {
        T make(LeaseFile file) throws IOException;
    }

    <T> T changing(String vault, Change<T> change) {
        Path file = root.resolve(DIRECTORY).resolve(vault);
        DirectoryStore.requirePlace(root);
        try {
            return locks.holding(DIRECTORY + "/" + vault, () -> change.make(new LeaseFile(file)));
        } catch (IOException failed) {
            throw FileFailures.of("keep the lease in", file, failed);
        }
    }

    /** One note, for whoever has its lock. */
    final class LeaseFile {

        private final Path file;

        private LeaseFile(Path file) {
            this.file = file;
        }

        /** A note that can't be read may be somebody's: to take it for none would let two at the vault. */
        LeaseNote read() throws IOException {
            try {
                return LeaseNote.of(Files.readAllBytes(file));
            } catch (NoSuchFileException none) {
                return LeaseNote.NEW;
            } catch (IllegalArgumentException damaged) {
                throw FileFailures.of(
                        FailureReason.REFUSED,
                        "whether somebody backs this vault up can not be told, since " + file + " is damaged ("
                                + damaged.getMessage() + "). Make sure that nobody does, then delete that file.");
            }
        }

        /** What a writer left who died is written over; who finds no room leaves nothing. */
        void write(LeaseNote note) throws IOException {
            Path directory = Durable.parent(file);
            Path draft = file.resolveSibling("." + file.getFileName() + ".tmp");
            durable.createDirectories(root, directory);
            Files.deleteIfExists(draft);
            try {
                durable.write(draft, note.bytes());
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException notWritten) {
                if (!FileFailures.isForWantOfRoom(notWritten) || !Files.exists(file)) {
                    throw notWritten;
                }
                writeOver(note);
            } finally {
                Files.deleteIfExists(draft);
            }
            durable.forceDirectory(directory);
        }

        /** A full disk has no room for a draft, and the run that filled it must go on to say so: the old note's own room is used. */
        private void writeOver(LeaseNote note) throws IOException {
            byte[] bytes = note.bytes();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                byte[] padded = Arrays.copyOf(bytes, (int) Math.max(bytes.length, channel.size()));
                Arrays.fill(padded, bytes.length, padded.length, (byte) ' '); // so that no tail of the old note is left
                ByteBuffer rest = ByteBuffer.wrap(padded);
                while (rest.hasRemaining()) {
                    channel.write(rest, rest.position());
                }
                channel.force(true);
            }
        }
    }
}
