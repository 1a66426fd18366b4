package io.keyvaultbackup.service;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish that was written down, and what became of it.
 *
 * @param id a UUID
 * @param askedAt by the clock of whoever wrote it down
 * @param process who does it, or has done it
 * @param takenUntil when somebody else may do it, unless the process says before that it lives
 * @param exitCode how the verb ended
 * @param job the Kubernetes Job that was made for it; a worker leaves such a one alone
 * @param result what the verb said: the plan of a restore as JSON lines, or why it was not done; null where it was not asked for
 */
public record Request(
        String id,
        Wish wish,
        String askedBy,
        Instant askedAt,
        State state,
        @Nullable String process,
        @Nullable Instant takenUntil,
        @Nullable Instant endedAt,
        @Nullable Integer exitCode,
        @Nullable String job,
        @Nullable String result) {

    /** What nobody took in that time, or came back to, is not done any more: whoever asked for it has long looked elsewhere. */
    public static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** How it stands. */
    public enum State {
        /** Nobody does it yet. */
        WAITING,
        /** Somebody is at it. */
        TAKEN,
        /** The verb has ended, well or not. */
        DONE,
        /** Nobody took it in an hour, or came back to it: it is too late for it. */
        LAPSED
    }

    /** The same as it stands at that moment: what is too late for has lapsed, whether somebody has written that down or not. */
    public Request at(Instant now) {
        Instant since = switch (state) {
            case WAITING -> askedAt;
            case TAKEN -> takenUntil;
            case DONE, LAPSED -> null;
        };
        return since == null || !since.plus(LONGEST_WAIT).isBefore(now)
                ? this
                : new Request(
                        id,
                        wish,
                        askedBy,
                        askedAt,
                        State.LAPSED,
                        process,
                        takenUntil,
                        since.plus(LONGEST_WAIT),
                        exitCode,
                        job,
                        result);
    }

    /** The run that a request of a backup begins, or continues if it is done again. */
    public Instant scheduledFor() {
        return askedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The verb and its options: each one argument, with its value after the equals sign, so that no value is an option. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        VaultAddress vault = wish.vault();
        SnapshotId snapshot = wish.snapshot();
        switch (wish.action()) {
            case RUN_NOW ->
                arguments.addAll(List.of("backup", "--vault=" + vault, "--scheduled-for=" + scheduledFor()));
            case RELAUNCH -> arguments.addAll(List.of("retry", "--vault=" + vault, "--run=" + snapshot));
            case STOP -> {
                arguments.addAll(List.of("stop", "--vault=" + vault));
                if (snapshot != null) {
                    arguments.add("--run=" + snapshot);
                }
                if (wish.reason() != null) {
                    arguments.add("--reason=" + wish.reason());
                }
            }
            case RESTORE_PLAN -> {
                arguments.addAll(List.of(
                        "restore",
                        "--from=" + vault,
                        "--snapshot=" + (snapshot == null ? "latest" : snapshot.value()),
                        "--to=" + wish.target()));
                if (!wish.selection().kinds().equals(EnumSet.allOf(ObjectKind.class))) {
                    wish.selection().kinds().stream().sorted().forEach(kind -> arguments.add("--kind=" + kind.word()));
                }
                wish.selection().include().forEach(pattern -> arguments.add("--include=" + pattern));
                wish.selection().exclude().forEach(pattern -> arguments.add("--exclude=" + pattern));
                arguments.addAll(List.of("--dry-run", "--json"));
            }
        }
        return List.copyOf(arguments);
    }
}
