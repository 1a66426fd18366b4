package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** What a run leaves in the meters (docs/metrics.md). */
class MetersTest {

    private static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

    @TempDir
    private Path directory;

    /** A registry that outlives the command. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Kept {

        @Bean
        @Primary
        MeterRegistry keptRegistry() {
            return REGISTRY;
        }
    }

    @Test
    void aRunIsCountedByVaultKindOutcomeAndReasonAndNeverByObject() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("meters");
            vault.secrets("app", 4);
            vault.key("signing");
            vault.secret("many").versions(501);
            vault.faults().on(Operation.BACKUP, "key").times(1).throttle(null);
            Bench bench = new Bench(directory, emulator)
                    .with(FastTime.class)
                    .with(Kept.class)
                    .set("keyvault-backup.metrics.pushgateway.url", "http://127.0.0.1:1");

            // when
            Bench.Result result = bench.backUp(vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(5);
            Map<String, Double> counts = counts("keyvault.backup.");
            assertThat(counts)
                    .containsEntry("objects kind=secret outcome=backed_up reason=none", 4.0)
                    .containsEntry("objects kind=key outcome=backed_up reason=none", 1.0)
                    .containsEntry("objects kind=secret outcome=failed reason=too_many_versions", 1.0)
                    .containsEntry("throttles", 1.0)
                    .containsEntry(
                            "budget.spent", result.summary().path("units_spent").asDouble())
                    .containsEntry("run status=incomplete", 1.0)
                    .containsEntry("unchanged", 0.0)
                    .containsEntry("copies.missing", 0.0)
                    .containsKey("bytes")
                    .containsEntry("retries reason=throttled", 1.0)
                    .containsEntry("call", 7.0)
                    .containsEntry("upload", 5.0)
                    .containsEntry("last.status status=incomplete", 1.0)
                    .containsEntry("last.status status=complete", 0.0)
                    .containsEntry("last.objects kind=secret outcome=backed_up", 4.0)
                    .containsEntry("last.objects kind=secret outcome=failed", 1.0)
                    .containsEntry("last.objects kind=key outcome=backed_up", 1.0)
                    .containsEntry("last.objects kind=certificate outcome=backed_up", 0.0)
                    .containsEntry("versions.headroom", -1.0)
                    .containsKeys(
                            "last.run.timestamp", "last.scheduled.timestamp", "budget.use", "execution error=none")
                    .doesNotContainKeys("last.success.timestamp", "snapshot.timestamp");
            assertThat(counts.get("bytes"))
                    .isEqualTo(bench.blobs().entrySet().stream()
                            .filter(blob -> !blob.getKey().contains("/manifests/"))
                            .mapToDouble(blob -> (double) blob.getValue().length)
                            .sum());
            assertThat(counts("spring.batch."))
                    .as("Spring Batch's own, of the vault that its job is of")
                    .containsKeys(
                            "job error=none spring.batch.job.name=backup spring.batch.job.status=FAILED",
                            "step error=none spring.batch.step.job.name=backup spring.batch.step.name=seal spring.batch.step.status=INCOMPLETE"
                                    + " spring.batch.step.type=org.springframework.batch.core.step.tasklet.TaskletStep");
            assertThat(REGISTRY.getMeters())
                    .filteredOn(meter -> meter.getId().getName().startsWith("spring.batch."))
                    .allMatch(meter -> Objects.equals(
                                    meter.getId().getTag("vault"),
                                    "localhost_" + vault.uri().getPort())
                            || Objects.requireNonNull(meter.getId().getName()).endsWith(".active"));
            assertThat(REGISTRY.getMeters().toString()).doesNotContain("app000", "signing");
        }
    }

    /** By name without the prefix and tags without the vault. */
    private static Map<String, Double> counts(String prefix) {
        Map<String, Double> counts = new TreeMap<>();
        for (Meter meter : REGISTRY.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith(prefix)) {
                StringBuilder name = new StringBuilder(id.getName().substring(prefix.length()));
                for (Tag tag : id.getTags()) {
                    if (!tag.getKey().equals("vault")) {
                        name.append(' ').append(tag.getKey()).append('=').append(tag.getValue());
                    }
                }
                counts.put(name.toString(), meter.measure().iterator().next().getValue());
            }
        }
        return counts;
    }
}
