package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunStopping.Answer;
import io.keyvaultbackup.run.RunStopping.State;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells how runs stand after they were asked to stop: each vault as soon as it is done, as text or as a JSON line {@code summary}. */
final class StopReport {

    private final Terminal terminal;
    private final @Nullable JsonLines lines;
    private final Duration renewal;
    private final Set<VaultAddress> notBegun = new HashSet<>();

    /** @param renewal how often who is at work renews its lease */
    StopReport(Terminal terminal, CommonOptions common, Duration renewal) {
        this.renewal = renewal;
        this.terminal = terminal;
        this.lines = common.json() ? new JsonLines(terminal.out()) : null;
    }

    /** After all: of those that nobody had begun there may be many. */
    void end() {
        if (lines == null && !notBegun.isEmpty()) {
            terminal.out()
                    .println("Not begun: " + notBegun.size() + (notBegun.size() == 1 ? " vault" : " vaults")
                            + "; 'keyvault-backup retry' begins, or goes on with, what is stopped.");
        }
    }

    void tell(Answer answer) {
        if (answer.state() == State.NOT_BEGUN) {
            notBegun.add(answer.vault());
        }
        if (lines == null) {
            terminal.out().println(Printable.text(text(answer)));
        } else {
            lines.print("summary", json(answer));
        }
    }

    private static Map<String, @Nullable Object> json(Answer answer) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vault", answer.vault().toString());
        line.put(
                "snapshot", answer.snapshot() == null ? null : answer.snapshot().value());
        line.put("state", answer.state().name());
        line.put("held_by", answer.holder());
        line.put("stop", answer.stop());
        line.put("exit_code", (answer.state() == State.NONE ? ExitCode.NOT_FOUND : ExitCode.DONE).number());
        return line;
    }

    private String text(Answer answer) {
        return switch (answer.state()) {
            case NONE ->
                answer.vault()
                        + ": no such run was begun, so there is nothing to stop. Of one that is not to begin at all,"
                        + " suspend what would start it.";
            case COMPLETE -> answer.vault() + ": run " + answer.snapshot() + " is complete. Nothing was left to stop.";
            case STOPPED -> answer.vault() + ": run " + answer.snapshot() + " is " + answer.stop() + next(answer);
            case NOT_BEGUN ->
                answer.vault() + ": run " + answer.snapshot()
                        + " was not begun, and nobody begins it until it is retried; it is " + answer.stop();
            case ALREADY_STOPPED ->
                answer.vault() + ": run " + answer.snapshot() + " is stopped already; it was " + answer.stop()
                        + next(answer);
        };
    }

    private String next(Answer answer) {
        String heard = answer.holder() == null
                ? ""
                : "\n    " + answer.holder()
                        + ", hears of it when it renews its lease (" + Math.max(1, renewal.toSeconds())
                        + " s), and ends within "
                        + Interrupts.LONGEST_STOP.toSeconds() + " s then";
        return heard
                + "\n    nobody begins anything of it, until it is retried:\n        keyvault-backup retry --vault "
                + answer.vault() + " --run " + answer.snapshot();
    }
}
