package io.keyvaultbackup.backup;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A place to run the command line in: a configuration file, a data directory, a directory store, and what came out of it. */
public final class Bench {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final List<Class<?>> sources = new ArrayList<>(List.of(KeyvaultBackup.class));
    private final Map<String, String> properties = new TreeMap<>();

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

    /** Runs a verb, and gives back all that it printed. */
    public Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(configuration().toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = CommandLineInterface.on(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        sources.toArray(Class<?>[]::new))
                .execute(all.toArray(String[]::new));
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Backs up this vault, printing JSON. */
    public Result backUp(EmulatedVault vault, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("backup", "--json", "--vault", vault.uri().toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
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
