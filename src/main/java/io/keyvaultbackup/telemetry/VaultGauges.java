package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.run.RunStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of how vaults stand, for whoever knows that of all of them at once, as what serves the dashboard does; jobs tell only of the vault that they were
 * about, when they end. Each {@link #show} replaces what was shown before, so that a vault that is backed up no more has no gauge any more. For one thread at a time.
 */
public final class VaultGauges {

    private static final List<RunStatus> STATUSES =
            List.of(RunStatus.COMPLETE, RunStatus.INCOMPLETE, RunStatus.FAILED, RunStatus.STOPPED);

    private final MultiGauge age;
    private final MultiGauge objective;
    private final MultiGauge due;
    private final MultiGauge scheduled;
    private final MultiGauge status;
    private final MultiGauge headroom;
    private final MultiGauge damage;
    private final MultiGauge drill;

    public VaultGauges(MeterRegistry registry) {
        age = gauge(registry, "snapshot.age", LastValues.SECONDS);
        objective = gauge(registry, "vault.objective", LastValues.SECONDS);
        due = gauge(registry, "vault.due.timestamp", LastValues.SECONDS);
        scheduled = gauge(registry, "vault.last.scheduled.timestamp", LastValues.SECONDS);
        status = gauge(registry, "vault.last.status", null);
        headroom = gauge(registry, "vault.versions.headroom", null);
        damage = gauge(registry, "vault.damage", null);
        drill = gauge(registry, "vault.drill.failed", null);
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, @Nullable String unit) {
        return MultiGauge.builder("keyvault.backup." + name).baseUnit(unit).register(registry);
    }

    /** These vaults, and no others, at this moment. */
    public void show(Collection<VaultState> vaults, Instant now) {
        age.register(
                rows(
                        vaults,
                        vault -> vault.completeAsOf() == null
                                ? null
                                : (now.toEpochMilli() - vault.completeAsOf().toEpochMilli()) / 1000.0),
                true);
        objective.register(rows(vaults, vault -> (double) vault.objective().toSeconds()), true);
        due.register(rows(vaults, vault -> seconds(vault.due())), true);
        scheduled.register(rows(vaults, vault -> seconds(vault.scheduledFor())), true);
        headroom.register(rows(vaults, vault -> number(vault.versionsHeadroom())), true);
        damage.register(rows(vaults, vault -> number(vault.damage())), true);
        drill.register(
                rows(vaults, vault -> vault.drillFailed() == null ? null : vault.drillFailed() ? 1.0 : 0.0), true);
        List<MultiGauge.Row<?>> statuses = new ArrayList<>();
        for (VaultState vault : vaults) {
            if (vault.status() != null) {
                for (RunStatus one : STATUSES) {
                    statuses.add(MultiGauge.Row.of(
                            Tags.of(
                                    OfVault.VAULT,
                                    vault.vault(),
                                    "status",
                                    one.name().toLowerCase(Locale.ROOT)),
                            one == vault.status() ? 1 : 0));
                }
            }
        }
        status.register(statuses, true);
    }

    /** What is not known of a vault is no row. */
    private static List<MultiGauge.Row<?>> rows(
            Collection<VaultState> vaults, Function<VaultState, @Nullable Double> what) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (VaultState vault : vaults) {
            Double value = what.apply(vault);
            if (value != null) {
                rows.add(MultiGauge.Row.of(Tags.of(OfVault.VAULT, vault.vault()), value));
            }
        }
        return rows;
    }

    private static @Nullable Double seconds(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli() / 1000.0;
    }

    private static @Nullable Double number(@Nullable Integer number) {
        return number == null ? null : (double) number;
    }
}
