package io.keyvaultbackup.scale;

import io.keyvaultbackup.scale.ForecastNight.Sharing;
import io.keyvaultbackup.scale.PlannedVault.Night;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of docs/scale.md, as Markdown. */
final class ScaleTables {

    static final long SEED = 20_261_127;
    private static final int VAULTS = 10_000;
    private static final long OBJECTS = 50_000_000;
    private static final int LARGEST = 500_000;
    private static final int PLACES = 60;
    private static final List<Integer> PODS = List.of(1, 4, 16, 64);
    private static final int MANY_AT_ONCE = 16;

    private final CostModel model = CostModel.MEASURED;
    private final Fleet spread = Fleet.of(SEED, VAULTS, OBJECTS, LARGEST, PLACES);
    private final Fleet together = Fleet.of(SEED, VAULTS, OBJECTS, LARGEST, 1);

    /** By the names of their places in the document. */
    Map<String, String> all() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("fleet", fleet());
        tables.put("costs", model.table());
        tables.put("first night", nights(Night.FULL));
        tables.put("usual night", nights(Night.USUAL));
        tables.put("settings", settings());
        tables.put("database", new YearlyCost(model, spread).database());
        tables.put("store", new YearlyCost(model, spread).store());
        return tables;
    }

    private String fleet() {
        List<String> lines = new ArrayList<>(List.of("| | |", "|---|---|"));
        lines.add(
                String.format(Locale.ROOT, "| vaults, objects | %,d, %,d (seed %d) |", VAULTS, spread.objects(), SEED));
        lines.add(String.format(
                Locale.ROOT,
                "| largest, middle vault | %,d, %,d objects |",
                spread.largest().objects(),
                spread.median()));
        lines.add(String.format(
                Locale.ROOT,
                "| the largest fifth of the vaults has | %.0f %% of the objects |",
                100.0
                        * spread.largestFirst().stream()
                                .limit(VAULTS / 5L)
                                .mapToLong(PlannedVault::objects)
                                .sum()
                        / spread.objects()));
        for (Night night : Night.values()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| requests to the vaults, %s night | %.1f million |",
                    night == Night.FULL ? "first" : "usual",
                    spread.calls(night) / 1e6));
        }
        return String.join("\n", lines) + "\n";
    }

    private Forecast forecast(Fleet fleet, Night night, Pods pods, Sharing sharing) {
        // of a first night nothing is known, so vaults are taken by their names
        return ForecastNight.of(
                night == Night.FULL ? fleet.vaults() : fleet.largestFirst(), night, pods, sharing, model);
    }

    private String nights(Night night) {
        List<String> lines = new ArrayList<>(List.of(
                "| places | pods | hours | held by | longest run, hours | hours, if a place's budget were divided among its own pods |",
                "|---|---|---|---|---|---|"));
        for (Fleet fleet : List.of(spread, together)) {
            for (int count : PODS) {
                Forecast forecast = forecast(fleet, night, Pods.of(count), Sharing.ALL_PODS);
                Forecast divided = forecast(fleet, night, Pods.of(count), Sharing.PODS_OF_THE_PLACE);
                lines.add(String.format(
                        Locale.ROOT,
                        "| %d | %d | %.1f | %s | %.1f | %.1f |",
                        fleet.places(),
                        count,
                        forecast.hours(),
                        bound(forecast),
                        forecast.slowestVault() / 3_600,
                        divided.hours()));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String bound(Forecast forecast) {
        return String.format(Locale.ROOT, "%s (%d %%)", forecast.bound().words(), forecast.percent(forecast.bound()));
    }

    /** What else could be turned, in a usual night of sixteen pods. */
    private String settings() {
        List<String> lines = new ArrayList<>(
                List.of("| what is different | usual night, hours | first night, hours |", "|---|---|---|"));
        Pods pods = Pods.of(16);
        Map<String, Pods> ways = new LinkedHashMap<>();
        ways.put("nothing: 16 pods, 4 vaults at once, 50 %", pods);
        ways.put("`vaults-at-once: 16`", pods.withVaultsAtOnce(MANY_AT_ONCE));
        ways.put("`budget: 25%`", pods.withBudget(1_000));
        ways.put("`budget: 100%`", pods.withBudget(4_000));
        ways.put("an answer takes 50 ms, not 20", pods.withCallsOf(Duration.ofMillis(50)));
        ways.put("a pod has 0.25 processors, not 1", pods.withCores(0.25));
        ways.forEach((what, different) -> lines.add(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f |",
                what,
                forecast(spread, Night.USUAL, different, Sharing.ALL_PODS).hours(),
                forecast(spread, Night.FULL, different, Sharing.ALL_PODS).hours())));
        return String.join("\n", lines) + "\n";
    }
}
