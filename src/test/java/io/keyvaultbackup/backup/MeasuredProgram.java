package io.keyvaultbackup.backup;

import com.sun.management.ThreadMXBean;
import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.cli.CommandLineInterface;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The program, for a process of its own, which at its end writes what it has allocated, and the most threads that it had, into the file that this property names. */
final class MeasuredProgram {

    static final String FILE = "measured-program.file";

    private static final String BEGUN = "jdk.VirtualThreadStart";
    private static final String ENDED = "jdk.VirtualThreadEnd";

    private MeasuredProgram() {}

    public static void main(String[] arguments) throws IOException {
        int exitCode;
        long allocated;
        int platform;
        Path events = Path.of(System.getProperty(FILE) + ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(BEGUN).withoutStackTrace();
            recording.enable(ENDED).withoutStackTrace();
            recording.start();
            exitCode = CommandLineInterface.ofThisProcess(KeyvaultBackup.class).execute(arguments);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            allocated = threads.getTotalThreadAllocatedBytes();
            platform = threads.getPeakThreadCount();
            recording.stop();
            recording.dump(events);
        }
        Files.writeString(
                Path.of(System.getProperty(FILE)), allocated + " " + platform + " " + mostVirtualThreads(events));
        System.exit(exitCode);
    }

    private static long mostVirtualThreads(Path events) throws IOException {
        record Change(Instant at, int threads) {}
        List<Change> changes = new ArrayList<>();
        try (RecordingFile recorded = new RecordingFile(events)) {
            while (recorded.hasMoreEvents()) {
                RecordedEvent event = recorded.readEvent();
                switch (event.getEventType().getName()) {
                    case BEGUN -> changes.add(new Change(event.getStartTime(), 1));
                    case ENDED -> changes.add(new Change(event.getStartTime(), -1));
                    default -> {
                        // another recording's
                    }
                }
            }
        }
        changes.sort(Comparator.comparing(Change::at));
        long alive = 0;
        long most = 0;
        for (Change change : changes) {
            alive += change.threads();
            most = Math.max(most, alive);
        }
        return most;
    }
}
