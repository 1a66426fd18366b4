package io.keyvaultbackup.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * An H2 database with all tables and nothing in them, such as the image has. A new job database begins as its copy, since to make the tables one after the other
 * takes a fifth of a start. What it lacks, an older one's, is made as ever.
 */
final class EmptyDatabase {

    private static final String H2_FILE = "jdbc:h2:file:";
    private static final String ENDING = ".mv.db";

    private final @Nullable Path original;
    private final Environment environment;

    EmptyDatabase(LedgerProperties properties, Environment environment) {
        this.original = properties.emptyDatabase();
        this.environment = environment;
    }

    /** Unless there is one already, or it is not in a file, or another user's. If it cannot be copied, the tables are made, and that fails in words. */
    void copy() {
        if (original == null || !Files.isRegularFile(original)) {
            return;
        }
        place().filter(Files::notExists).ifPresent(place -> {
            Path copy = place.resolveSibling(place.getFileName() + "." + UUID.randomUUID());
            try {
                Files.createDirectories(place.toAbsolutePath().getParent());
                Files.copy(original, copy);
                Files.createLink(place, copy); // whole, or not at all, and not over another process's
            } catch (IOException | UnsupportedOperationException impossible) {
                // Flyway makes the tables then, or another process has been quicker
            } finally {
                remove(copy);
            }
        });
    }

    private static void remove(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException stays) {
            // in nobody's way
        }
    }

    private Optional<Path> place() {
        String url = environment.getProperty("spring.datasource.url", "");
        boolean isItsUser = environment
                        .getProperty("spring.datasource.username", "")
                        .equals("sa")
                && environment.getProperty("spring.datasource.password", "").isEmpty();
        return isItsUser && url.startsWith(H2_FILE)
                ? Optional.of(Path.of(url.substring(H2_FILE.length()).split(";", 2)[0] + ENDING))
                : Optional.empty();
    }
}
