package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.GoodCopy;
import io.keyvaultbackup.dashboard.view.RunStrip;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.store.SeenProtection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vault as a line of the fleet's table, in words; what is null is not known, or there is none. It is public, and has nothing but fields that a template
 * reads, since a template's expressions are compiled only then: a page has thousands.
 */
public record FleetLine(
        String path,
        String link,
        String name,
        String standingKey,
        String standingWords,
        String meaning,
        @Nullable String age,
        @Nullable Moment goodAt,
        @Nullable String ownObjective,
        @Nullable Latest latest,
        String objects,
        @Nullable String failed,
        RunStrip strip,
        String viewBox,
        List<Bars> bars,
        @Nullable String versions,
        boolean nearLimit,
        @Nullable Protection protection) {

    /** The newest run. */
    public record Latest(String run, String link, String key, Moment at) {}

    /** How the copies are protected. */
    public record Protection(String key, String words) {}

    /** The runs of one status in the strip. */
    public record Bars(String key, String path) {}

    /** @param general the objective that vaults have which have none of their own */
    static FleetLine of(VaultRow row, Duration general) {
        GoodCopy good = row.good();
        VaultSummary.Latest latest = row.latest();
        SeenProtection seen = row.protection();
        RunStrip strip = RunStrip.of(row.runs(), VaultSummary.STRIP);
        long failed = row.count(Outcome.FAILED);
        return new FleetLine(
                row.path(),
                Links.vault(row.vault()),
                row.name(),
                row.standing().key(),
                row.standing().words(),
                row.standing().meaning(),
                good == null ? null : Words.of(good.age()),
                good == null ? null : Moment.of(good.asOf()),
                row.objective().equals(general) ? null : Words.of(row.objective()),
                latest == null
                        ? null
                        : new Latest(
                                latest.snapshot().value(),
                                Links.run(latest.snapshot()),
                                Words.of(latest.status()),
                                Moment.of(latest.scheduledFor())),
                Words.of(done(row.outcomes())),
                failed == 0 ? null : Words.of(failed) + " failed",
                strip,
                "0 0 " + strip.width() + " " + RunStrip.HEIGHT,
                strip.paths().entrySet().stream()
                        .map(status -> new Bars("run-" + Words.of(status.getKey()), status.getValue()))
                        .toList(),
                row.mostVersions() == 0 ? null : Words.of(row.mostVersions()),
                row.nearLimit() > 0,
                seen == null
                        ? null
                        : new Protection(seen.level().name().toLowerCase(Locale.ROOT), Words.of(seen.level())));
    }

    private static Map<Outcome, Long> done(Map<Outcome, Long> outcomes) {
        Map<Outcome, Long> done = new EnumMap<>(Outcome.class);
        done.putAll(outcomes);
        done.remove(Outcome.FAILED);
        return done;
    }
}
