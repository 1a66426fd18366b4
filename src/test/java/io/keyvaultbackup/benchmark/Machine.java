package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where it was measured.
 *
 * @param load that of the last minute when it was written down, which the benchmark itself is part of
 */
record Machine(String at, int cores, String processor, long memoryMebibytes, String java, String system, double load) {

    private static final long KIBI = 1_024;

    static Machine here() throws IOException {
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Runtime.getRuntime().availableProcessors(),
                told(Path.of("/proc/cpuinfo"), "model name"),
                Long.parseLong(told(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / KIBI,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String told(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    String words() {
        return at + ", " + cores + " cores of " + processor + ", " + memoryMebibytes + " MiB, Java " + java + ", "
                + system + ". Medians; in brackets the least and the most.";
    }
}
