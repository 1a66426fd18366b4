package io.keyvaultbackup.testservices;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Azurite as {@code src/test/azurite/package-lock.json} pins it, installed below {@code target} when it is not there yet. */
final class AzuriteInstallation {

    private static final String LOCK_FILE = "package-lock.json";

    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path SOURCE = PROJECT.resolve("src/test/azurite");
    private static final Path TARGET = PROJECT.resolve("target/azurite");

    private AzuriteInstallation() {}

    /** The command that starts its Blob service. */
    static synchronized List<String> command() throws IOException {
        Files.createDirectories(TARGET);
        // Two JVMs run tests side by side, and one installation must not take away the other's.
        try (FileChannel file =
                        FileChannel.open(TARGET.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!isCurrent() && lock.isValid()) {
                install();
            }
        }
        return List.of(
                "node",
                "--require",
                SOURCE.resolve("leash.cjs").toString(),
                TARGET.resolve("node_modules/azurite/dist/src/blob/main.js").toString());
    }

    /** npm writes the inner lock file last, so an installation that was cut off has none. */
    private static boolean isCurrent() throws IOException {
        Path installed = TARGET.resolve(LOCK_FILE);
        return Files.exists(TARGET.resolve("node_modules/.package-lock.json"))
                && Files.exists(installed)
                && Files.mismatch(installed, SOURCE.resolve(LOCK_FILE)) < 0;
    }

    private static void install() throws IOException {
        Files.createDirectories(TARGET);
        for (String file : List.of("package.json", LOCK_FILE)) {
            Files.copy(SOURCE.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Process npm = start(new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(TARGET.toFile())
                .redirectErrorStream(true));
        npm.getOutputStream().close();
        String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = npm.onExit().join().exitValue();
        if (status != 0) {
            throw new IllegalStateException(
                    "npm ci could not install Azurite into " + TARGET + " (exit status " + status + "): " + said);
        }
    }

    static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "the tests run Blob Storage as Azurite, which needs Node.js 20 or newer with npm: install them so that `"
                            + builder.command().getFirst() + "` is found on the PATH",
                    missing);
        }
    }
}
