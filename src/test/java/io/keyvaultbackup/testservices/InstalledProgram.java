package io.keyvaultbackup.testservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that tests need and that are no part of the build. */
public final class InstalledProgram {

    private InstalledProgram() {}

    /**
     * Where it is; a test without it fails under .ci/run, which installs it, and is left out elsewhere.
     *
     * @param packages of Debian's that have it, as people say it
     */
    public static Path find(String name, String packages) {
        Optional<Path> found = Stream.of(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        String why = "needs " + name + ", of Debian's " + packages;
        if (System.getenv("CI") == null) {
            assumeTrue(found.isPresent(), why);
        }
        assertThat(found).as(why).isPresent();
        return found.orElseThrow();
    }
}
