package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * So much memory for a process, as a pod's container has it. The JVM is told in any case. Where {@code -Dbench.memory-group} names a directory of
 * control groups in which one may be made, the kernel holds it too, and kills what takes more; closing this removes the group.
 */
final class MemoryLimit implements AutoCloseable {

    private static final int MEBI = 20;

    private final long bytes;
    private final @Nullable Path group;

    MemoryLimit(long bytes) throws IOException {
        this.bytes = bytes;
        String parent = System.getProperty("bench.memory-group", "");
        this.group = parent.isEmpty() ? null : made(Path.of(parent), bytes);
    }

    /** Version 1 of control groups has another name for it than version 2. */
    private static Path made(Path parent, long bytes) throws IOException {
        Path group = Files.createTempDirectory(parent, "keyvault-backup-");
        Path first = group.resolve("memory.limit_in_bytes");
        Files.writeString(Files.exists(first) ? first : group.resolve("memory.max"), String.valueOf(bytes));
        return group;
    }

    /** What starts a program within it: the shell enters the group, and becomes the program. */
    List<String> command() {
        return group == null
                ? List.of()
                : List.of("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    /** For the JVM. */
    List<String> options() {
        return List.of("-XX:MaxRAM=" + bytes);
    }

    String words() {
        return String.format(
                Locale.ROOT,
                group == null
                        ? "The JVM is told that it has %d MiB (-XX:MaxRAM); nothing kills what takes more (-Dbench.memory-group)."
                        : "In a memory control group of %d MiB, which the JVM is told too.",
                bytes >> MEBI);
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            Files.deleteIfExists(group);
        }
    }
}
