package io.keyvaultbackup.store.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file system in memory, for what only a file system of one's own can show: that it is full, that it is read-only. */
public record Mount(Path place) implements AutoCloseable {

    public static Mount ofOneMegabyte(Path place) throws IOException {
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place.toString());
        return new Mount(place);
    }

    public void makeReadOnly() throws IOException {
        run("mount", "-o", "remount,ro", place.toString());
    }

    /** Writes until nothing more fits. */
    public void fill() throws IOException {
        try (FileChannel channel =
                FileChannel.open(place.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    @Override
    public void close() throws IOException {
        run("umount", place.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(
                    "this test mounts a tmpfs of 1 MB, which needs Linux, the right to mount (root, or a"
                            + " container with SYS_ADMIN) and the mount command; `" + String.join(" ", command)
                            + "` said: " + said);
        }
    }
}
