package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunCursor;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a vault's template shows.
 *
 * @param counted the run that objects and failures are of; null if there is none
 * @param runs null where the job database does not tell
 * @param next the page of older runs; null if these are the last
 */
public record VaultBoard(
        FleetLine line,
        String address,
        AskingBoard asking,
        String objective,
        @Nullable Moment nextRun,
        @Nullable Moment failingSince,
        @Nullable String snapshot,
        List<Notice> notices,
        @Nullable String counted,
        List<Kind> kinds,
        List<Failed> failures,
        @Nullable Verified verified,
        @Nullable Drilled drilled,
        @Nullable Protection protection,
        @Nullable List<RunLine> runs,
        boolean first,
        @Nullable String next) {

    /** How many objects of a kind are done, and how. */
    public record Kind(
            String words,
            String all,
            String backedUp,
            String unchanged,
            String others,
            String failed,
            boolean anyFailed) {}

    public record Failed(String reason, String count, String advice) {}

    public record Verified(Moment at, boolean good, String words) {}

    public record Drilled(Moment at, boolean good, String words, String snapshot) {}

    public record Protection(
            String key,
            String words,
            String location,
            @Nullable String unknown) {}

    static VaultBoard of(
            FleetView fleet, VaultRow row, AskingBoard asking, Reading<RunReader.Page> page, boolean first) {
        @Nullable VaultSummary summary = row.summary();
        VaultSummary.@Nullable Counted counted = summary == null ? null : summary.counted();
        RunReader.@Nullable Page runs = page.told().orElse(null);
        List<Notice> notices = new ArrayList<>(Notice.of(fleet));
        if (fleet.database().gap() == null) {
            notices.addAll(Notice.of(page, "Runs are not shown."));
        }
        return new VaultBoard(
                FleetLine.of(row, fleet.objective()),
                row.vault().toString(),
                asking,
                Words.of(row.objective()),
                Moment.orNull(fleet.nextRun()),
                Moment.orNull(summary == null ? null : summary.failingSince()),
                row.good() == null ? null : row.good().snapshot().value(),
                notices,
                counted == null ? null : counted.snapshot().value(),
                counted == null ? List.of() : kinds(counted.objects()),
                counted == null ? List.of() : failures(counted.reasons()),
                verified(summary),
                drilled(summary),
                protection(row.protection()),
                runs == null ? null : RunLine.of(runs.runs()),
                first,
                runs == null ? null : RunCursor.write(runs.next()));
    }

    static List<Kind> kinds(Map<ObjectKind, Map<Outcome, Long>> objects) {
        return objects.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(kind -> {
                    Map<Outcome, Long> of = kind.getValue();
                    long all = of.values().stream().mapToLong(Long::longValue).sum();
                    long backedUp = of.getOrDefault(Outcome.BACKED_UP, 0L);
                    long unchanged = of.getOrDefault(Outcome.UNCHANGED, 0L);
                    long failed = of.getOrDefault(Outcome.FAILED, 0L);
                    return new Kind(
                            kind.getKey().word(),
                            Words.of(all),
                            Words.of(backedUp),
                            Words.of(unchanged),
                            Words.of(all - backedUp - unchanged - failed),
                            Words.of(failed),
                            failed > 0);
                })
                .toList();
    }

    private static List<Failed> failures(Map<FailureReason, Long> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<FailureReason, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> new Failed(
                        reason.getKey().words(),
                        Words.of(reason.getValue()),
                        reason.getKey().advice()))
                .toList();
    }

    private static @Nullable Verified verified(@Nullable VaultSummary summary) {
        VaultSummary.@Nullable Verified told = summary == null ? null : summary.verified();
        return told == null
                ? null
                : new Verified(
                        Moment.of(told.at()),
                        told.damage() == 0 && told.unknown() == 0,
                        told.damage() == 0 && told.unknown() == 0
                                ? "no damage found"
                                : Words.of(told.damage()) + " damaged or missing"
                                        + (told.unknown() == 0
                                                ? ""
                                                : ", " + Words.of(told.unknown()) + " not given by the store"));
    }

    private static @Nullable Drilled drilled(@Nullable VaultSummary summary) {
        VaultSummary.@Nullable Drilled told = summary == null ? null : summary.drilled();
        return told == null
                ? null
                : new Drilled(
                        Moment.of(told.at()),
                        told.status().equals("COMPLETE"),
                        told.status().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                        told.snapshot());
    }

    private static @Nullable Protection protection(@Nullable SeenProtection seen) {
        return seen == null
                ? null
                : new Protection(
                        seen.level().name().toLowerCase(java.util.Locale.ROOT),
                        Words.of(seen.level()),
                        seen.location(),
                        seen.unknown());
    }
}
