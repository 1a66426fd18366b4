package io.keyvaultbackup.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** What the killed runs came to, for people and for programs: {@code target/reliability/kills.md} and {@code kills.json}. */
final class KillsReport {

    private static final Path PLACE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target/reliability");

    private final long seed;
    private final long began = System.nanoTime();
    private final Map<String, Object> ways = new LinkedHashMap<>();
    private final StringBuilder table = new StringBuilder();
    private final Set<EndedRun.Way> begun = EnumSet.noneOf(EndedRun.Way.class);
    private final Set<EndedRun.Way> agreed = EnumSet.noneOf(EndedRun.Way.class);

    KillsReport(long seed) {
        this.seed = seed;
    }

    /** That way is one of those that were to be told of; it counts as failed unless it turns out to have agreed. */
    synchronized void begin(EndedRun.Way way) {
        begun.add(way);
    }

    /** All that was asserted about that way held. */
    synchronized void agreed(EndedRun.Way way) {
        agreed.add(way);
    }

    private String verdict() {
        if (agreed.equals(EnumSet.allOf(EndedRun.Way.class))) {
            return "Every run was complete in the end, and manifest, store and vault agreed.";
        }
        Set<EndedRun.Way> failed = EnumSet.copyOf(begun);
        failed.removeAll(agreed);
        Set<EndedRun.Way> notRun = EnumSet.complementOf(EnumSet.copyOf(begun));
        return "FAILED or not finished: " + failed + "; not run: " + notRun + "; every run was complete and agreed: "
                + agreed + ".";
    }

    synchronized void add(EndedRun.Way way, List<EndedRun.Told> told, Map<Moment.Phase, Integer> hit) {
        long extra = told.stream().mapToLong(EndedRun.Told::extraCalls).sum();
        long mostExtra =
                told.stream().mapToLong(EndedRun.Told::extraCalls).max().orElse(0);
        int ended = told.stream().mapToInt(run -> run.ended().size()).sum();
        int launches = told.stream().mapToInt(EndedRun.Told::launches).sum();
        int held = told.stream().mapToInt(EndedRun.Told::held).sum();
        int objects = told.stream().mapToInt(EndedRun.Told::objects).sum();
        double slowest = told.stream()
                        .flatMap(run -> run.ended().stream())
                        .map(EndedRun.Ended::took)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1000.0;
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("ended", ended);
        summary.put("hit", hit);
        summary.put("runs", told.size());
        summary.put("launches", launches);
        summary.put("held", held);
        summary.put("objects", objects);
        summary.put("extraCalls", extra);
        summary.put("mostExtraCallsOfARun", mostExtra);
        summary.put("slowestEndSeconds", slowest);
        summary.put("each", told.stream().map(KillsReport::each).toList());
        ways.put(way.name(), summary);
        table.append(String.format(
                Locale.ROOT,
                "| %s | %d | %d / %d / %d / %d | %d | %d | %d | %d | %d | %.1f s |%n",
                way.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                ended,
                hit.getOrDefault(Moment.Phase.START, 0),
                hit.getOrDefault(Moment.Phase.INVENTORY, 0),
                hit.getOrDefault(Moment.Phase.BACKUP, 0),
                hit.getOrDefault(Moment.Phase.END, 0),
                told.size(),
                launches,
                held,
                objects,
                extra,
                slowest));
    }

    private static Map<String, Object> each(EndedRun.Told run) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("run", run.run());
        one.put("store", run.store());
        one.put("objects", run.objects());
        one.put("launches", run.launches());
        one.put("extraCalls", run.extraCalls());
        one.put(
                "ended",
                run.ended().stream()
                        .map(ended -> Map.of(
                                "aimed", ended.aimed().phase(),
                                "fraction", ended.aimed().fraction(),
                                "hit", ended.hit(),
                                "exitCode", ended.exitCode(),
                                "millis", ended.took().toMillis()))
                        .toList());
        return one;
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** For people. */
    synchronized String text() {
        return String.format(
                Locale.ROOT,
                "# Processes ended at random moments%n%nSeed %d, %.0f s. %s%n%n"
                        + "| ended by | times | before the first call / inventory / backup / after | runs | launches |"
                        + " of them told that the dead one holds the vault | objects | backup calls beyond one for each"
                        + " object | slowest end |%n|---|---|---|---|---|---|---|---|---|%n%s",
                seed,
                seconds(),
                verdict(),
                table);
    }

    synchronized void write() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seed", seed);
        all.put("seconds", seconds());
        all.put("agreed", agreed);
        all.put("failed", begun.stream().filter(way -> !agreed.contains(way)).toList());
        all.put("ways", ways);
        Files.createDirectories(PLACE);
        Files.write(
                PLACE.resolve("kills.json"),
                new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
        String text = text();
        Files.writeString(PLACE.resolve("kills.md"), text);
        System.out.println(text);
    }
}
