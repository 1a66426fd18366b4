package io.keyvaultbackup.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that has ended, and what it took. Linux only: {@code /proc} tells.
 *
 * @param seconds from its start to its end
 * @param cpuSeconds user and system, of it and of what it started and waited for; 20 ms may be missing
 * @param peakBytes the most memory that was resident at any time
 * @param startedAt by this machine's clock, before it was started
 */
record Measured(
        int exitCode, double seconds, double cpuSeconds, long peakBytes, Instant startedAt, String out, String err) {

    private static final double TICKS_PER_SECOND = 100;
    private static final long KIBI = 1_024;

    /** Runs it to its end; what it prints is kept in this directory. */
    static Measured run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = directory.resolve("measured.out");
        Path err = directory.resolve("measured.err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Instant startedAt = Instant.now();
        long began = System.nanoTime();
        Process process = builder.start();
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        double cpu = 0;
        long peak = 0;
        do {
            try {
                cpu = cpuSeconds(Files.readString(proc.resolve("stat")));
                peak = Math.max(peak, peakBytes(Files.readAllLines(proc.resolve("status"))));
            } catch (IOException gone) {
                break; // what was read last is all there is
            }
        } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
        int exitCode = process.waitFor();
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Measured(exitCode, seconds, cpu, peak, startedAt, Files.readString(out), Files.readString(err));
    }

    /** Fields 14 to 17, counted behind the command's name, which may have blanks and brackets. */
    private static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int field = 11; field <= 14; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** None where the process has ended and is not gone yet. */
    private static long peakBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBI)
                .findFirst()
                .orElse(0);
    }

    /** @throws AssertionError with what it printed if it did not end with 0 */
    Measured succeeded() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + "\n" + last(out) + "\n" + last(err));
        }
        return this;
    }

    private static String last(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
