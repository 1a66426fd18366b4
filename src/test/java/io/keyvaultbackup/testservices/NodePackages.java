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

/** What the {@code package-lock.json} of a directory of this project pins, installed below {@code target} when it is not there yet. */
public final class NodePackages {

    private static final String LOCK_FILE = "package-lock.json";
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    private final Path source;
    private final Path target;

    /**
     * @param source as {@code src/test/azurite}
     * @param target the name of a directory below {@code target}
     */
    public NodePackages(String source, String target) {
        this.source = PROJECT.resolve(source);
        this.target = PROJECT.resolve("target").resolve(target);
    }

    /** Where they come from. */
    Path source() {
        return source;
    }

    /** Where they are installed: {@code node_modules} is in there. */
    public synchronized Path installed() throws IOException {
        Files.createDirectories(target);
        // Two JVMs run tests side by side, and one installation must not take away the other's.
        try (FileChannel file =
                        FileChannel.open(target.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!isCurrent() && lock.isValid()) {
                install();
            }
        }
        return target;
    }

    /** The same with this file of the source beside them, as it is now. */
    public Path installedWith(String script) throws IOException {
        return Files.copy(source.resolve(script), installed().resolve(script), StandardCopyOption.REPLACE_EXISTING);
    }

    /** npm writes the inner lock file last, so an installation that was cut off has none. */
    private boolean isCurrent() throws IOException {
        Path installed = target.resolve(LOCK_FILE);
        return Files.exists(target.resolve("node_modules/.package-lock.json"))
                && Files.exists(installed)
                && Files.mismatch(installed, source.resolve(LOCK_FILE)) < 0;
    }

    private void install() throws IOException {
        for (String file : List.of("package.json", LOCK_FILE)) {
            Files.copy(source.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Process npm = start(new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(target.toFile())
                .redirectErrorStream(true));
        npm.getOutputStream().close();
        String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = npm.onExit().join().exitValue();
        if (status != 0) {
            throw new IllegalStateException("npm ci could not install what " + source + " asks for into " + target
                    + " (exit status " + status + "): " + said);
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
