package io.keyvaultbackup.backup;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program of which one process notes what it needs to start, so that those after it start in little more than half the time.
 *
 * @param program as a JVM's arguments: the class path, which may hold jars only, and what to run
 * @param cache where the notes are
 */
public record TrainedProgram(List<String> program, Path cache) {

    /** A process of this takes the notes, if it ends by itself. */
    public List<String> learning() {
        return with("-XX:AOTCacheOutput=" + cache);
    }

    public List<String> learned() {
        return with("-XX:AOTCache=" + cache);
    }

    private List<String> with(String option) {
        return Stream.concat(Stream.of("-XX:+UseSerialGC", "-Xlog:disable", option), program.stream())
                .toList();
    }
}
