package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked for, and what became of it, in words.
 *
 * @param key how it stands, for a style: waiting, taken, done, ended, failed, lapsed
 * @param state how it stands, in a sentence
 * @param advice what to do where nobody does it; null where nothing is to be done
 * @param subject the run or snapshot that it is about; null if it is about the vault
 * @param planLink of the page of a plan, which says what came of it; null of all else
 * @param said the last words of the verb, or why it was not done; null if that is not known
 * @param open whether something is still to become of it
 */
public record RequestLine(
        String id,
        String link,
        String key,
        String state,
        @Nullable String advice,
        String action,
        String vault,
        String vaultLink,
        @Nullable Subject subject,
        @Nullable String planLink,
        @Nullable String target,
        @Nullable String reason,
        String askedBy,
        Moment askedAt,
        @Nullable Moment endedAt,
        @Nullable String job,
        @Nullable String process,
        @Nullable String said,
        boolean open) {

    /**
     * A run or a snapshot.
     *
     * @param what which of them, as a heading
     * @param link null where there is no page of it yet
     */
    public record Subject(String what, String id, @Nullable String link) {}

    /** A worker looks each second. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Says how it stands to a page that is to be told when that changes. */
    public String mark() {
        return advice == null ? key : key + "-long";
    }

    /** The same in the colours of a verdict. */
    public String verdict() {
        return switch (key) {
            case "done" -> "good";
            case "failed", "lapsed" -> "bad";
            default -> "note";
        };
    }

    /** The same in the colours of a run. */
    public String style() {
        return switch (key) {
            case "done" -> "complete";
            case "taken" -> "running";
            case "failed" -> "failed";
            default -> "incomplete";
        };
    }

    /** @param runs of which there may be a page */
    static List<RequestLine> all(List<Request> requests, RunReader runs, ExitMeaning meaning, Instant now) {
        Set<SnapshotId> begun = runs.begun(requests.stream()
                .filter(request -> !isPlan(request))
                .flatMap(request -> Stream.ofNullable(subject(request)))
                .toList());
        return requests.stream()
                .map(request -> of(request, meaning, now, begun))
                .toList();
    }

    private static RequestLine of(Request request, ExitMeaning meaning, Instant now, Set<SnapshotId> begun) {
        Wish wish = request.wish();
        VaultAddress target = wish.target();
        boolean untaken = request.state() == Request.State.WAITING
                && request.askedAt().plus(SOON).isBefore(now);
        return new RequestLine(
                request.id(),
                Links.request(request.id()),
                key(request),
                state(request, meaning, untaken),
                untaken ? advice(request) : null,
                words(wish.action()),
                VaultRow.name(wish.vault()),
                Links.vault(wish.vault()),
                subject(wish, subject(request), begun),
                isPlan(request) ? "/plans/" + request.id() : null,
                target == null ? null : target.toString(),
                wish.reason(),
                request.askedBy(),
                Moment.of(request.askedAt()),
                Moment.orNull(request.endedAt()),
                request.job(),
                request.process(),
                isPlan(request) ? null : request.result(),
                request.state() == Request.State.WAITING || request.state() == Request.State.TAKEN);
    }

    private static @Nullable Subject subject(Wish wish, @Nullable SnapshotId id, Set<SnapshotId> begun) {
        if (id == null) {
            return null;
        }
        return wish.action() == RequestedAction.RESTORE_PLAN
                ? new Subject("Snapshot", id.value(), Links.snapshot(wish.vault(), id))
                : new Subject("Run", id.value(), begun.contains(id) ? Links.run(id) : null);
    }

    /** That of a run now has its ID before it begins. */
    private static @Nullable SnapshotId subject(Request request) {
        return request.wish().action() == RequestedAction.RUN_NOW
                ? SnapshotId.of(request.wish().vault(), request.scheduledFor())
                : request.wish().snapshot();
    }

    private static boolean isPlan(Request request) {
        return request.wish().action() == RequestedAction.RESTORE_PLAN;
    }

    private static boolean isDone(Request request) {
        Integer exitCode = request.exitCode();
        return request.state() == Request.State.DONE && exitCode != null && exitCode == 0;
    }

    private static String key(Request request) {
        return switch (request.state()) {
            case WAITING -> "waiting";
            case TAKEN -> "taken";
            case DONE -> isDone(request) ? "done" : isPlan(request) ? "ended" : "failed"; // a plan of trouble is a plan
            case LAPSED -> "lapsed";
        };
    }

    private static String state(Request request, ExitMeaning meaning, boolean untaken) {
        return switch (request.state()) {
            case WAITING -> untaken ? "Waiting; nobody has taken it yet." : "Waiting.";
            case TAKEN -> "Being done.";
            case DONE -> ended(request.exitCode(), meaning);
            case LAPSED ->
                request.process() == null
                        ? request.result() == null ? "Not done: nobody took it." : "Not begun."
                        : "Not done to the end: whoever did it did not come back to it.";
        };
    }

    private static String ended(@Nullable Integer exitCode, ExitMeaning meaning) {
        return exitCode == null ? "Ended." : "Ended with exit code " + exitCode + ": " + meaning.of(exitCode) + ".";
    }

    private static String advice(Request request) {
        return request.job() == null
                ? "Is a worker running that is configured for this vault? 'keyvault-backup worker' starts one, where the identity is that"
                        + " of a backup. What nobody takes in an hour lapses."
                : "Kubernetes has not begun its Job yet. 'kubectl describe job " + request.job() + "' says why.";
    }

    static String words(RequestedAction action) {
        return switch (action) {
            case RUN_NOW -> "Run now";
            case RELAUNCH -> "Relaunch failed";
            case STOP -> "Stop";
            case RESTORE_PLAN -> "Plan of a restore";
        };
    }
}
