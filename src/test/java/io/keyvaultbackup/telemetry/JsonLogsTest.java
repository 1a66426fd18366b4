package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of the program, as a process of its own. */
class JsonLogsTest {

    private static final String FORMAT = "LOGGING_STRUCTURED_FORMAT_CONSOLE";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    @Test
    void eachLineIsJsonThatSaysOfWhichVaultRunKindAndExecutionItIs() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault one = emulator.vault("one");
            EmulatedVault other = emulator.vault("other");
            one.secrets("app", 2);
            other.secrets("app", 2);
            throttledOnce(one);
            throttledOnce(other);
            Bench bench = bench(emulator)
                    .set("logging.structured.format.console", "ecs")
                    .set("keyvault-backup.vaults-at-once", "2");

            // when
            Bench.Result result = backUp(emulator, bench, one, other);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.out().lines())
                    .allMatch(line -> !JSON.readTree(line).path("message_type").isMissingNode());
            List<JsonNode> lines = result.err().lines().map(JSON::readTree).toList();
            for (EmulatedVault vault : List.of(one, other)) {
                String host = VaultAddress.parse(vault.uri().toString()).storeName();
                List<JsonNode> ofVault = lines.stream()
                        .filter(line -> line.path("vault").asString().equals(host))
                        .toList();
                String run = result.lines("summary").stream()
                        .filter(summary -> VaultAddress.parse(
                                        summary.path("vault").asString())
                                .storeName()
                                .equals(host))
                        .map(summary -> summary.path("snapshot").asString())
                        .findFirst()
                        .orElseThrow();
                assertThat(ofVault)
                        .extracting(line -> line.path("run").asString())
                        .containsOnly(run);
                assertThat(ofVault)
                        .extracting(line -> line.path("correlation_id").asString())
                        .containsOnly(run + ".1");
                assertThat(ofVault)
                        .extracting(line -> line.path("message").asString())
                        .anyMatch(message ->
                                message.startsWith("Execution 1 of run " + run) && message.endsWith("begins"))
                        .anyMatch(message -> message.endsWith("ended: complete"));
                assertThat(ofVault)
                        .filteredOn(line -> line.path("message").asString().startsWith("A call failed"))
                        .singleElement()
                        .satisfies(line -> {
                            assertThat(line.path("object_kind").asString()).isEqualTo("secret");
                            assertThat(line.path("request_id").asString()).isNotEmpty();
                        });
            }
            assertThat(lines).filteredOn(line -> line.has("run")).allMatch(line -> line.has("vault"));
        }
    }

    @Test
    void withoutASettingItIsText() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("text");
            vault.secrets("app", 1);

            Bench.Result result = backUp(emulator, bench(emulator), vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.err()).containsPattern("INFO .* : Execution 1 of run .* begins\n");
            assertThat(result.err().lines()).noneMatch(line -> line.startsWith("{"));
        }
    }

    @Test
    void anEmptyFormatIsText() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("empty");
            vault.secrets("app", 1);

            Bench.Result result = backUp(emulator, bench(emulator), Map.of(FORMAT, ""), vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.err()).containsPattern("INFO .* : Execution 1 of run .* begins\n");
            assertThat(result.err().lines()).noneMatch(line -> line.startsWith("{"));
        }
    }

    @Test
    void aFormatThatThereIsNotIsRefusedInASentence() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("foo");
            vault.secrets("app", 1);

            Bench.Result result = backUp(emulator, bench(emulator), Map.of(FORMAT, "foo"), vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
            assertThat(result.out() + result.err())
                    .contains("logging.structured.format.console: 'foo' is not one of ecs, gelf, logstash")
                    .doesNotContain("\tat ", "Exception");
        }
    }

    private static void throttledOnce(EmulatedVault vault) {
        vault.faults().on(Operation.BACKUP, "secret").times(1).throttle(Duration.ofSeconds(1));
    }

    private Bench bench(KeyVaultEmulator emulator) {
        return new Bench(directory, emulator)
                .set("logging.config", "classpath:logback-spring.xml") // tests have one of their own
                .set("logging.level.io.keyvaultbackup", "DEBUG");
    }

    private Bench.Result backUp(KeyVaultEmulator emulator, Bench bench, EmulatedVault... vaults) {
        return backUp(emulator, bench, Map.of(), vaults);
    }

    private Bench.Result backUp(
            KeyVaultEmulator emulator, Bench bench, Map<String, String> environment, EmulatedVault... vaults) {
        List<String> options = Stream.of(vaults)
                .flatMap(vault -> Stream.of("--vault", vault.uri().toString()))
                .toList();
        return new OwnProcess(directory, emulator, bench)
                .untrained()
                .environment(environment)
                .run(Stream.concat(Stream.of("backup", "--json"), options.stream())
                        .toArray(String[]::new));
    }
}
