package io.keyvaultbackup.store.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Lets one writer at a time publish a name, among all threads of all processes that share the directory, so that a blob and the
 * metadata beside it are always of the same writer. The operating system lets go of the lock of a process that died.
 *
 * <p>A file lock belongs to the whole process, and closing any channel on the file gives it up; so the threads of a process first
 * settle among themselves who may open the lock's file. Names share a small fixed number of locks: the files stay few.
 */
final class NameLocks {

    /** Below the store's root; hidden, so no blob's name. */
    static final String DIRECTORY = ".locks";

    private static final int COUNT = 64;
    private static final Lock[] OF_THIS_PROCESS =
            IntStream.range(0, COUNT).mapToObj(number -> new ReentrantLock()).toArray(Lock[]::new);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private final Path root;
    private final Durable durable;

    NameLocks(Path root, Durable durable) {
        this.root = root;
        this.durable = durable;
    }

    /** Something that is done to files. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    <T> T holding(String name, Work<T> work) throws IOException {
        int number = Math.floorMod(name.hashCode(), COUNT);
        Path directory = root.resolve(DIRECTORY);
        OF_THIS_PROCESS[number].lock();
        try {
            durable.createDirectories(root, directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(Integer.toString(number)),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, directory.resolve(Integer.toString(number)))) {
                return work.run();
            }
        } finally {
            OF_THIS_PROCESS[number].unlock();
        }
    }

    /** It is held for one change of a file or two: who holds it for long is suspended, and nobody is to wait for that without a word. */
    private static FileLock lock(FileChannel channel, Path file) throws IOException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < end) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            try {
                Thread.sleep(
                        POLL); // nothing tells when another process lets go, and its own blocking call has no limit
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new FileLockInterruptionException();
            }
        }
        throw new IOException("another process has held the lock " + file + " for " + LONGEST_WAIT.toSeconds()
                + " s; if it is suspended, resume it or end it");
    }
}
