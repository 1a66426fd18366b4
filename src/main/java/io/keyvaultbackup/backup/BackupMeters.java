package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.telemetry.LastValues;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.keyvaultbackup.telemetry.OfVault;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Counts what runs do (docs/metrics.md has the names, which are a public interface). Tags name the vault, never an object: there are
 * too many of them, and their names are nobody's business who reads metrics.
 */
final class BackupMeters {

    private static final String PREFIX = "keyvault.backup.";

    private static final List<RunStatus> STATUSES =
            List.of(RunStatus.COMPLETE, RunStatus.INCOMPLETE, RunStatus.FAILED, RunStatus.STOPPED);

    private final MeterRegistry registry;
    private final LastValues last;
    private final ObjectProvider<MetricPushes> pushes;
    private final Stopwatch stopwatch;

    BackupMeters(MeterRegistry registry, LastValues last, ObjectProvider<MetricPushes> pushes, Stopwatch stopwatch) {
        this.registry = registry;
        this.last = last;
        this.pushes = pushes;
        this.stopwatch = stopwatch;
    }

    /** What the execution of a run is told by when it has ended. */
    record Ending(
            RunRequest request,
            RunResult result,
            Pacer.Usage usage,
            Instant startedAt,
            Instant endedAt,
            Map<ObjectKind, Map<Outcome, Long>> objects,
            OptionalInt versionsHeadroom) {

        Duration duration() {
            return Duration.between(startedAt, endedAt);
        }
    }

    /** An execution begins: what will not happen in it is told as 0, and what a Pushgateway has of the one before is replaced. */
    CallTimes began(VaultAddress vault) {
        for (ObjectKind kind : ObjectKind.values()) {
            registry.counter(PREFIX + "objects", treated(vault, kind, Outcome.BACKED_UP, "none"));
        }
        registry.counter(PREFIX + "bytes", of(vault));
        registry.counter(PREFIX + "retries", of(vault).and("reason", "throttled"));
        return new CallTimes(registry, of(vault), stopwatch);
    }

    /** These objects were treated, and their outcomes are recorded. */
    void recorded(VaultAddress vault, List<? extends ObjectResult> results) {
        for (ObjectResult result : results) {
            String reason =
                    result.failure() == null ? "none" : word(result.failure().reason());
            registry.counter(PREFIX + "objects", treated(vault, result.id().kind(), result.outcome(), reason))
                    .increment();
            if (result.blob() != null) {
                registry.counter(PREFIX + "bytes", of(vault))
                        .increment((double) result.blob().size());
            }
        }
    }

    private static Tags treated(VaultAddress vault, ObjectKind kind, Outcome outcome, String reason) {
        return of(vault).and("kind", word(kind)).and("outcome", word(outcome)).and("reason", reason);
    }

    /** A call on the vault or the store failed like this, and is made again. */
    void retried(VaultAddress vault, Failure failure) {
        registry.counter(PREFIX + "retries", of(vault).and("reason", word(failure.reason())))
                .increment();
    }

    /** An execution ended. */
    void ended(Ending ending) {
        VaultAddress vault = ending.request().vault();
        RunResult result = ending.result();
        Pacer.Usage usage = ending.usage();
        registry.counter(PREFIX + "unchanged", of(vault)).increment((double) result.count(Outcome.UNCHANGED));
        registry.counter(PREFIX + "copies.missing", of(vault))
                .increment((double) result.reuse().missing());
        registry.timer(PREFIX + "run", of(vault).and("status", word(result.status())))
                .record(ending.duration());
        registry.counter(PREFIX + "budget.spent", of(vault)).increment((double) usage.spent());
        registry.counter(PREFIX + "throttles", of(vault)).increment((double) usage.throttles());
        last.set(PREFIX + "budget.use", "ratio", of(vault), use(usage, ending.duration()));
        for (ObjectKind kind : ObjectKind.values()) {
            Map<Outcome, Long> ofKind = ending.objects().getOrDefault(kind, Map.of());
            for (Outcome outcome : Outcome.values()) {
                Tags tags = of(vault).and("kind", word(kind)).and("outcome", word(outcome));
                last.set(PREFIX + "last.objects", null, tags, (double) ofKind.getOrDefault(outcome, 0L));
            }
        }
        ending.versionsHeadroom()
                .ifPresent(headroom -> last.set(PREFIX + "versions.headroom", null, of(vault), headroom));
        if (result.status() == RunStatus.COMPLETE) {
            moment("last.success.timestamp", vault, ending.endedAt());
            Instant asOf = result.settlement().consistentAsOf();
            moment("snapshot.timestamp", vault, asOf == null ? ending.startedAt() : asOf);
        }
        stands(ending.request(), result.status(), ending.endedAt());
    }

    /** A run could not be begun, or not be ended as it should be. */
    void failed(RunRequest request, Instant at) {
        stands(request, RunStatus.FAILED, at);
    }

    private void stands(RunRequest request, RunStatus status, Instant at) {
        VaultAddress vault = request.vault();
        moment("last.run.timestamp", vault, at);
        moment("last.scheduled.timestamp", vault, request.scheduledFor());
        for (RunStatus one : STATUSES) {
            last.set(PREFIX + "last.status", null, of(vault).and("status", word(one)), one == status ? 1 : 0);
        }
        pushes.ifAvailable(pushing -> pushing.ended("backup", vault.storeName()));
    }

    private void moment(String name, VaultAddress vault, Instant moment) {
        last.set(PREFIX + name, LastValues.SECONDS, of(vault), moment.toEpochMilli() / 1000.0);
    }

    /** Of what it could have spent in its time; one that takes less than a window of the budget could have spent all of that. */
    private static double use(Pacer.Usage usage, Duration duration) {
        double windows = Math.max(1, (double) duration.toMillis() / Budget.WINDOW.toMillis());
        return usage.spent() / (usage.budget().units() * windows);
    }

    private static Tags of(VaultAddress vault) {
        return Tags.of(OfVault.VAULT, vault.storeName());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
