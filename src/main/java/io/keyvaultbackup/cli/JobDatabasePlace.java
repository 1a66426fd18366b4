package io.keyvaultbackup.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/** Where the job database is: by default, in a file below the data directory. */
final class JobDatabasePlace {

    private static final String PROPERTY = "keyvault-backup.data-directory";
    private static final String DATABASE = "spring.datasource.url";
    private static final String POOL = "spring.datasource.hikari.maximum-pool-size";
    private static final int CONNECTIONS = 4;

    /** Two steps of a run record at a time, each in a transaction that waits for what its threads read. */
    private static final int HELD = 2;

    private static final int AT_ONCE = 4;
    private static final String EXAMPLE = "name a directory that this process may write to, such as ./data";

    private JobDatabasePlace() {}

    /** H2 takes "./data" and refuses "data"; people write both, so it is given the whole path. */
    static void resolve(ConfigurableEnvironment environment) {
        String given = environment.getProperty(PROPERTY);
        if (given == null || given.isBlank()) {
            return;
        }
        try {
            String resolved = Path.of(given).toAbsolutePath().normalize().toString();
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("resolved data directory", Map.of(PROPERTY, resolved)));
        } catch (InvalidPathException noPath) {
            // the check of all properties says so
        }
    }

    /** What keeps a database from being made there, or opened, as far as that can be seen without trying. */
    static List<String> problems(Environment environment) {
        String given = environment.getProperty(PROPERTY, "");
        String database = environment.getProperty(DATABASE, "");
        if (!database.startsWith("jdbc:h2:") && !database.startsWith("jdbc:postgresql:")) {
            return List.of(
                    DATABASE + ": '" + database.replaceAll("[?;].*", "") + "' is neither H2 nor PostgreSQL, such as"
                            + " jdbc:postgresql://db.example.internal:5432/keyvault_backup");
        }
        int atOnce = number(environment, "keyvault-backup.vaults-at-once", AT_ONCE);
        int pool = number(environment, POOL, Integer.MAX_VALUE);
        if (pool <= HELD * atOnce) { // each holds as many while it waits for another
            return List.of(POOL + ": " + pool + " are too few for " + atOnce
                    + " vaults at once (keyvault-backup.vaults-at-once), such as " + CONNECTIONS * atOnce);
        }
        if (given.isBlank() || !database.startsWith("jdbc:h2:file:" + given)) {
            return List.of();
        }
        Path place = Path.of(given);
        if (Files.exists(place) && !Files.isDirectory(place)) {
            return List.of(PROPERTY + ": '" + place + "' is a file; " + EXAMPLE);
        }
        Path there = place;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return List.of(PROPERTY + ": '" + place + "' cannot be made, since " + there + " is a file; " + EXAMPLE);
        }
        return Files.isWritable(there)
                ? List.of()
                : List.of(PROPERTY + ": '" + place + "' is not writable"
                        + (there.equals(place) ? "" : " (nor is " + there + ")") + "; " + EXAMPLE);
    }

    /** What is no number is told elsewhere. */
    private static int number(Environment environment, String property, int otherwise) {
        String given = environment.getProperty(property, "");
        return given.matches("\\d{1,9}") ? Integer.parseInt(given) : otherwise;
    }
}
