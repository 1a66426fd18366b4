package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.VaultAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Counts what runs do (docs/metrics.md has the names, which are a public interface). Tags name the vault, never an object: there are
 * too many of them, and their names are nobody's business who reads metrics.
 */
final class BackupMeters {

    private static final String PREFIX = "keyvault.backup.";

    private final MeterRegistry registry;

    BackupMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** These objects were treated, and their outcomes are recorded. */
    void recorded(VaultAddress vault, List<? extends ObjectResult> results) {
        for (ObjectResult result : results) {
            Tags tags = of(vault)
                    .and("kind", word(result.id().kind()))
                    .and("outcome", word(result.outcome()))
                    .and(
                            "reason",
                            result.failure() == null
                                    ? "none"
                                    : word(result.failure().reason()));
            registry.counter(PREFIX + "objects", tags).increment();
            if (result.blob() != null) {
                registry.counter(PREFIX + "bytes", of(vault))
                        .increment((double) result.blob().size());
            }
        }
    }

    /** An execution ended. */
    void ended(VaultAddress vault, RunResult result, Pacer.Usage usage, Duration duration) {
        registry.counter(PREFIX + "unchanged", of(vault)).increment((double) result.count(Outcome.UNCHANGED));
        registry.counter(PREFIX + "copies.missing", of(vault))
                .increment((double) result.reuse().missing());
        ended(vault, result.status(), usage, duration);
    }

    private void ended(VaultAddress vault, RunStatus status, Pacer.Usage usage, Duration duration) {
        registry.timer(PREFIX + "run", of(vault).and("status", word(status))).record(duration);
        registry.counter(PREFIX + "budget.spent", of(vault)).increment((double) usage.spent());
        registry.counter(PREFIX + "throttles", of(vault)).increment((double) usage.throttles());
    }

    private static Tags of(VaultAddress vault) {
        return Tags.of("vault", vault.storeName());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
