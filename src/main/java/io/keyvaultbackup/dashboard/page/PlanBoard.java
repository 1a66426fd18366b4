package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.Plan;
import io.keyvaultbackup.dashboard.snapshots.PlanReader;
import io.keyvaultbackup.dashboard.snapshots.RestoreCommand;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the template of a restore's plan shows.
 *
 * @param waiting whether it is to come yet
 * @param state how the request stands, in a sentence
 * @param words what was said in place of a plan; empty if nothing was
 * @param tiles how many objects it would do what with
 * @param lines what it would do with each; null if there is no plan
 * @param restore the command line that does it
 */
public record PlanBoard(
        String here,
        boolean waiting,
        String state,
        Moment askedAt,
        String askedBy,
        String source,
        String sourceLink,
        @Nullable String snapshot,
        String target,
        String selection,
        String words,
        List<Tile> tiles,
        List<String> notInSnapshot,
        @Nullable String deletedUnknown,
        @Nullable List<Line> lines,
        String restore,
        @Nullable String next) {

    private static final int PAGE = 100;

    /** @param trouble whether these would not be restored, though asked for */
    public record Tile(String words, String count, boolean trouble) {}

    /** What would be done with an object, and why not. */
    public record Line(
            String name, String key, String words, @Nullable String why) {}

    static PlanBoard of(PlanReader.Planned planned, int page, ExitMeaning meaning) {
        Request request = planned.request();
        Wish wish = request.wish();
        VaultAddress target = Objects.requireNonNull(wish.target());
        Plan plan = planned.plan();
        String here = "/plans/" + request.id();
        int from = Math.min(page - 1, Integer.MAX_VALUE / PAGE - 1) * PAGE;
        @Nullable Plan made = plan == null || plan.snapshot() == null ? null : plan;
        return new PlanBoard(
                here,
                request.state() == Request.State.WAITING || request.state() == Request.State.TAKEN,
                state(request, made != null, meaning),
                Moment.of(request.askedAt()),
                request.askedBy(),
                VaultRow.name(wish.vault()),
                Links.snapshots(wish.vault()),
                made != null
                        ? made.snapshot()
                        : wish.snapshot() == null ? null : wish.snapshot().value(),
                target.storeName(),
                Words.of(wish.selection()),
                plan == null ? "" : plan.words(),
                made != null ? tiles(made.outcomes()) : List.of(),
                plan == null ? List.of() : plan.notInSnapshot(),
                plan == null ? null : plan.deletedUnknown(),
                made != null
                        ? made.rows().stream()
                                .skip(from)
                                .limit(PAGE)
                                .map(PlanBoard::line)
                                .toList()
                        : null,
                RestoreCommand.of(wish.vault(), wish.snapshot(), target, wish.selection()),
                made != null && made.rows().size() > (long) from + PAGE ? here + "?page=" + (page + 1) : null);
    }

    private static String state(Request request, boolean made, ExitMeaning meaning) {
        return switch (request.state()) {
            case WAITING ->
                "Nobody is at it yet. A worker takes it within a second: see that 'keyvault-backup worker' runs, where no Kubernetes Job does it.";
            case TAKEN -> "It is being made by " + request.process() + ".";
            case LAPSED -> "No plan was made: " + whyLapsed(request);
            case DONE -> ended(request, made, meaning);
        };
    }

    /** Of what nobody has done, only whoever withdrew it has said something. */
    private static String whyLapsed(Request request) {
        if (request.result() != null) {
            return "it could not be begun.";
        }
        return (request.process() == null ? "nobody took it in time." : "whoever was at it did not come back to it.")
                + " Ask for it again.";
    }

    private static String ended(Request request, boolean made, ExitMeaning meaning) {
        if (request.result() == null) {
            return "The plan is not kept any more. Ask for it again.";
        }
        Integer exitCode = request.exitCode();
        String what = made ? "The plan is made." : "No plan was made.";
        return exitCode == null || exitCode == 0
                ? what
                : what + " Its exit code is " + exitCode + ": " + meaning.of(exitCode) + ".";
    }

    private static List<Tile> tiles(Map<String, Long> outcomes) {
        return outcomes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> new Tile(words(one.getKey()), Words.of(one.getValue()), isTrouble(one.getKey())))
                .toList();
    }

    private static Line line(Plan.Row row) {
        return new Line(
                row.object(), isTrouble(row.outcome()) ? "failed" : "complete", words(row.outcome()), row.why());
    }

    private static boolean isTrouble(String outcome) {
        return switch (outcome(outcome)) {
            case IMPOSSIBLE, WITHOUT_CERTIFICATE, FAILED, CONFLICT, SOFT_DELETED -> true;
            default -> false;
        };
    }

    /** That of a newer program is told as it is. */
    private static String words(String outcome) {
        return switch (outcome(outcome)) {
            case PENDING -> "would be restored";
            case TO_RECOVER -> "would be recovered";
            case CONFLICT -> "in the way: another state is there";
            case SOFT_DELETED -> "in the way: a deleted object has the name";
            case FAILED -> "could not be compared with what is there";
            case IMPOSSIBLE -> outcome.equals("IMPOSSIBLE") ? "cannot be restored" : outcome;
            case WITH_CERTIFICATE -> "comes with its certificate";
            default -> outcome(outcome).words();
        };
    }

    private static RestoreOutcome outcome(String name) {
        return Arrays.stream(RestoreOutcome.values())
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(RestoreOutcome.IMPOSSIBLE);
    }
}
