package io.keyvaultbackup.backup;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A place to run the command line in: a configuration file, a data directory, a directory store, and what came out of it. */
public final class Bench {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SCHEDULED_FOR = Pattern.compile("\"scheduled_for\":\"([^\"]+)\"");

    private final Path directory;
    private final List<Class<?>> sources = new ArrayList<>(List.of(KeyvaultBackup.class));
    private final Map<String, String> properties = new TreeMap<>();
    private StopSignal stop = new StopSignal();
    private long secondOfTheLastBackup;

    public Bench(Path directory, KeyVaultEmulator emulator) {
        this.directory = directory;
        set("keyvault-backup.data-directory", directory.resolve("data").toString());
        set("keyvault-backup.store.directory", store().toString());
        set("keyvault-backup.azure.verify-challenge-resource", "false");
        set("keyvault-backup.azure.ssl-bundle", "emulator");
        set("spring.ssl.bundle.pem.emulator.truststore.certificate", "file:" + emulator.caCertificateFile());
        set("keyvault-backup.budget", "4000");
    }

    public Bench set(String property, String value) {
        properties.put(property, value);
        return this;
    }

    public Bench without(String property) {
        properties.remove(property);
        return this;
    }

    /** Beans that stand in for the application's own: time. */
    public Bench with(Class<?> source) {
        sources.add(source);
        return this;
    }

    /** Stores in this container of the shared Azurite, with a SAS token of these rights, and leases with one that may do that. */
    public Bench onContainer(Azurite.Container container, String rights) {
        BlobContainerClient leases = Azurite.shared().client(container.name() + "-leases");
        leases.createIfNotExists();
        return without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", container.url().toString())
                .set("keyvault-backup.store.sas-token", token(Azurite.shared().client(container.name()), rights))
                .set("keyvault-backup.store.lease-sas-token", token(leases, "rcw"));
    }

    /** Stores in a container by a connection string; leases are in Azurite, too, where their container is made. */
    public Bench onContainer(String connectionString, String container) {
        Azurite.shared().client(container + "-leases").createIfNotExists();
        return without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", connectionString)
                .set("keyvault-backup.store.container", container);
    }

    /** The job database is this one of PostgreSQL's. */
    public Bench onDatabase(Postgres.Database database) {
        return set("spring.datasource.url", database.jdbcUrl())
                .set("spring.datasource.username", database.user())
                .set("spring.datasource.password", database.password());
    }

    private static String token(BlobContainerClient container, String rights) {
        return container.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
    }

    /** What stops the next verb, as Ctrl-C does. */
    public StopSignal nextStop() {
        stop = new StopSignal();
        return stop;
    }

    public Path store() {
        return directory.resolve("store");
    }

    public Path configuration() {
        try {
            StringBuilder text = new StringBuilder();
            properties.forEach((name, value) -> text.append(name)
                    .append("=")
                    .append(value.replace("\\", "\\\\"))
                    .append('\n'));
            return Files.writeString(directory.resolve("bench.properties"), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What Spring Batch counted in each step of each execution, in order. */
    public List<StepCounts> steps() {
        return jdbc().sql("SELECT * FROM BATCH_STEP_EXECUTION ORDER BY STEP_EXECUTION_ID")
                .query((row, number) -> new StepCounts(
                        row.getString("STEP_NAME"),
                        row.getString("STATUS"),
                        row.getLong("READ_COUNT"),
                        row.getLong("WRITE_COUNT"),
                        row.getLong("FILTER_COUNT"),
                        row.getLong("READ_SKIP_COUNT")
                                + row.getLong("PROCESS_SKIP_COUNT")
                                + row.getLong("WRITE_SKIP_COUNT"),
                        row.getLong("ROLLBACK_COUNT")))
                .list();
    }

    /** The job database. */
    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }

    /** The job database for many statements: one of a file is opened with the first and closed with the last. */
    public void withJdbc(Consumer<JdbcClient> work) {
        try (Connection connection = dataSource().getConnection()) {
            work.accept(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private DataSource dataSource() {
        String url = properties.getOrDefault(
                "spring.datasource.url",
                "jdbc:h2:file:" + properties.get("keyvault-backup.data-directory")
                        + "/keyvault-backup;MODE=PostgreSQL;AUTO_SERVER=TRUE");
        return new DriverManagerDataSource(
                url,
                properties.getOrDefault("spring.datasource.username", "sa"),
                properties.getOrDefault("spring.datasource.password", ""));
    }

    /** Every file of the directory store but the stores' own notes, by name. */
    public Map<String, byte[]> blobs() {
        Map<String, byte[]> blobs = new TreeMap<>();
        if (Files.exists(store())) {
            try (Stream<Path> files = Files.walk(store())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = store().relativize(file).toString();
                    if (!name.startsWith(".") && !name.contains("/.") && !name.endsWith(".meta")) {
                        blobs.put(name, Files.readAllBytes(file));
                    }
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return blobs;
    }

    /** The manifest of that name in the directory store. */
    public JsonNode manifest(String name) {
        byte[] bytes = blobs().get(name);
        if (bytes == null) {
            throw new AssertionError("no manifest " + name + " among " + blobs().keySet());
        }
        return JSON.readTree(bytes);
    }

    /** Runs a verb, and gives back all that it printed. */
    public Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (all.contains("backup") && !all.contains("--scheduled-for")) {
            letTheSecondPass();
        }
        all.add("--config");
        all.add(configuration().toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = CommandLineInterface.on(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        stop,
                        sources.toArray(Class<?>[]::new))
                .execute(all.toArray(String[]::new));
        Result result =
                new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        if (all.contains("backup")) {
            secondOfTheLastBackup = Math.max(secondOfTheLastBackup, secondOf(result));
        }
        return result;
    }

    /** That for which it was scheduled, if it tells that and time did not leap; else the one in which it ended, as it was not later. */
    private static long secondOf(Result backup) {
        long now = Instant.now().getEpochSecond();
        return SCHEDULED_FOR
                .matcher(backup.out())
                .results()
                .mapToLong(told -> Instant.parse(told.group(1)).getEpochSecond())
                .filter(second -> second <= now)
                .max()
                .orElse(now);
    }

    /** Serves the dashboard on ports of its own, until it is closed. */
    public Served serve(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "serve",
                "--json",
                "--port",
                "0",
                "--management-port",
                "0",
                "--config",
                configuration().toString()));
        all.addAll(List.of(more));
        return Served.start(all, sources);
    }

    /** Two backups that begin within one second are one run, which the second finds complete. Waits without the processor, which other tests need. */
    private void letTheSecondPass() {
        Instant next = Instant.ofEpochSecond(secondOfTheLastBackup + 1);
        for (Instant now = Instant.now(); now.isBefore(next); now = Instant.now()) {
            LockSupport.parkNanos(Duration.between(now, next).toNanos());
        }
    }

    /** Backs up this vault, printing JSON. */
    public Result backUp(EmulatedVault vault, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("backup", "--json", "--vault", vault.uri().toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    public record StepCounts(
            String step, String status, long read, long written, long filtered, long skipped, long rollbacks) {

        /** A step that went well: everything that was read was written. */
        public static StepCounts completed(String step, long items) {
            return new StepCounts(step, "COMPLETED", items, items, 0, 0, 0);
        }
    }

    public record Result(int exitCode, String out, String err) {

        public List<JsonNode> lines(String messageType) {
            return out.lines()
                    .map(JSON::readTree)
                    .filter(line -> line.path("message_type").asString().equals(messageType))
                    .toList();
        }

        public JsonNode summary() {
            List<JsonNode> summaries = lines("summary");
            if (summaries.size() != 1) {
                throw new AssertionError("not one summary in: " + out + err);
            }
            return summaries.getFirst();
        }

        public Map<String, Long> outcomes() {
            Map<String, Long> outcomes = new TreeMap<>();
            summary().path("outcomes").forEachEntry((outcome, count) -> outcomes.put(outcome, count.asLong()));
            return outcomes;
        }

        /** Of each vault, how its run stands after a stop. */
        public Map<String, String> states() {
            Map<String, String> states = new TreeMap<>();
            lines("summary")
                    .forEach(told -> states.put(
                            told.path("vault").asString(), told.path("state").asString()));
            return states;
        }

        /** Object and reason of each failure. */
        public Map<String, String> failures() {
            Map<String, String> failures = new TreeMap<>();
            lines("error")
                    .forEach(error -> failures.put(
                            error.path("object").asString(),
                            error.path("reason").asString()));
            return failures;
        }
    }
}
