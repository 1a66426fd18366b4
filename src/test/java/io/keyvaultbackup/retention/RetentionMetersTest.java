package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** What forgetting leaves in the meters (docs/metrics.md). */
class RetentionMetersTest extends EmulatedVaultTest {

    /** Of one command: the program closes it in the end. */
    private static final AtomicReference<MeterRegistry> REGISTRY = new AtomicReference<>(new SimpleMeterRegistry());

    /** A registry that outlives the command. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Kept {

        @Bean
        @Primary
        MeterRegistry keptRegistry() {
            return REGISTRY.get();
        }
    }

    private Bench.Result forget(String... more) {
        REGISTRY.set(new SimpleMeterRegistry());
        String[] arguments = {
            "forget", "--json", "--keep-last", "1", "--vault", vault.uri().toString()
        };
        return bench.run(Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void whatIsRemovedIsCountedByVaultAndADryRunCountsNothing() throws IOException {
        // given
        vault.secrets("app", 3);
        for (int night = 1; night <= 3; night++) {
            assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-1" + night + "T03:00:00Z")
                            .exitCode())
                    .isZero();
            vault.rotate("secret", "app000001");
        }
        bench.with(Kept.class).set("keyvault-backup.metrics.pushgateway.url", "http://127.0.0.1:1");
        assertThat(forget("--dry-run").exitCode()).isZero();
        assertThat(counts()).isEmpty();

        // when
        JsonNode done = forget().summary();

        // then
        assertThat(done.path("bytes_freed").asDouble()).isPositive();
        Map<String, Double> expected = new TreeMap<>(Map.of(
                "snapshots.removed",
                2.0,
                "blobs.removed",
                done.path("blobs_removed").asDouble(),
                "bytes.freed",
                done.path("bytes_freed").asDouble(),
                "damage",
                0.0,
                "run status=complete",
                1.0));
        assertThat(counts()).isEqualTo(expected);

        // and when the manifest that is left is damaged
        String manifest = bench.blobs().keySet().stream()
                .filter(name -> name.contains("/manifests/"))
                .findFirst()
                .orElseThrow();
        Files.writeString(bench.store().resolve(manifest), "{}");
        Bench.Result damaged = forget();
        assertThat(damaged.exitCode()).isEqualTo(4);
        assertThat(damaged.lines("finding")).isNotEmpty();
        assertThat(counts())
                .containsEntry("damage", (double) damaged.lines("finding").size())
                .containsEntry("run status=incomplete", 1.0)
                .containsEntry("snapshots.removed", 0.0)
                .hasSize(5);
        assertThat(REGISTRY.get().getMeters().toString()).doesNotContain("app000");
    }

    /** By name without the prefix, and tags without the vault, which each of them has. */
    private Map<String, Double> counts() {
        Map<String, Double> counts = new TreeMap<>();
        for (Meter meter : REGISTRY.get().getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("keyvault.retention.")) {
                assertThat(id.getTag("vault"))
                        .isEqualTo("localhost_" + vault.uri().getPort());
                StringBuilder name = new StringBuilder(id.getName().substring("keyvault.retention.".length()));
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
