package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.snapshot.RetentionResult;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As a table for people, as restic shows it. */
final class ForgetTextReport implements ForgetReport {

    private static final int SHORTEST_LABELS = 6;

    private final Terminal terminal;
    private final PrintStream out;
    private final boolean quiet;

    /** @param quiet whether what is kept is left out */
    ForgetTextReport(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.quiet = quiet;
    }

    @Override
    public void nothingThere() {
        if (!quiet) {
            out.println("No snapshots here, so there is nothing to forget.");
        }
    }

    @Override
    public void leftAlone(String vault) {
        out.println(
                vault + ": left alone, as no policy holds for it: there is no general one, and it has none of its own");
    }

    @Override
    public ExitCode ended(RetentionResult result) {
        ExitCode code = ForgetReport.codeOf(result);
        if (!quiet) {
            table(result);
        }
        result.damage().forEach(finding -> out.println(terminal.bad("damage: ") + ForgetReport.line(finding)));
        for (Incident incident : result.incidents()) {
            out.printf(
                    "%s  %s%n    %s%n    %s%n",
                    terminal.bad("failed:"),
                    Printable.line(incident.subject()),
                    Printable.line(incident.failure().describe()),
                    incident.failure().reason().advice());
        }
        if (!quiet || code != ExitCode.DONE) {
            totals(result);
        }
        return code;
    }

    private void table(RetentionResult result) {
        long kept =
                result.snapshots().stream().filter(RetentionResult.Fate::isKept).count();
        out.printf(
                Locale.ROOT,
                "%s: %s, %,d kept%s%n",
                result.vault(),
                count(result.snapshots().size(), "snapshot"),
                kept,
                result.dryRun() ? " (a dry run: nothing is removed)" : "");
        if (result.ownPolicy() != null) {
            out.println("  by a policy of its own: " + Printable.line(result.ownPolicy()));
        }
        int width = result.snapshots().stream()
                .mapToInt(fate -> labels(fate).length())
                .reduce(SHORTEST_LABELS, Math::max);
        String form = "  %-23s  %-10s  %-7s  %-" + width + "s  %s%n";
        out.printf(form, "SNAPSHOT", "STATUS", "ACTION", "LABELS", "REASONS");
        for (RetentionResult.Fate fate : result.snapshots()) {
            String action = String.format("%-7s", fate.action().name().toLowerCase(Locale.ROOT));
            out.printf(
                    "  %-23s  %-10s  %s  %-" + width + "s  %s%n",
                    fate.snapshot(),
                    fate.complete() == null ? "UNREADABLE" : fate.complete() ? "COMPLETE" : "INCOMPLETE",
                    fate.isKept() ? terminal.good(action) : terminal.notable(action),
                    labels(fate),
                    fate.isKept()
                            ? fate.reasons().stream().map(Printable::line).collect(Collectors.joining(", "))
                            : "-");
        }
    }

    private static String labels(RetentionResult.Fate fate) {
        String all = Stream.concat(
                        fate.labels().pinned() ? Stream.of("pinned") : Stream.of(),
                        fate.labels().tags().stream().map(Printable::line))
                .collect(Collectors.joining(","));
        return all.isEmpty() ? "-" : all;
    }

    private void totals(RetentionResult result) {
        RetentionResult.Counts counts = result.counts();
        out.printf(
                Locale.ROOT,
                "%s %s: %s, %,d bytes%s; %.1f s%n",
                result.dryRun() ? "Would remove" : result.stopped() ? "Stopped; removed" : "Removed",
                count(counts.snapshots(), "snapshot"),
                count(counts.blobs(), "blob"),
                counts.bytes(),
                result.dryRun() ? "" : " freed",
                result.duration().toMillis() / 1000.0);
        tell(
                result.snapshots().stream()
                        .filter(fate -> fate.action() == RetentionResult.Action.PENDING)
                        .count(),
                "snapshots are to go and are still there: the next forget goes on");
        tell(counts.orphans(), "of these blobs never belonged to a snapshot");
        tell(counts.orphansKept(), "orphans stay: they are younger than keyvault-backup.retention.grace");
        tell(
                counts.locked(),
                "blobs stay that nothing refers to: the store has them locked"
                        + (counts.lockedUntil() == null ? "" : " until " + counts.lockedUntil()));
        tell(counts.lockedUntold(), "of these are locked, and the store does not tell until when");
        if (counts.unsealedRuns() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %s not sealed, with %s: untouched, since a relaunch may go on with them%n",
                    counts.unsealedRuns() == 1 ? "1 run is" : String.format("%,d runs are", counts.unsealedRuns()),
                    count(counts.unsealedBlobs(), "blob"));
        }
        if (result.notSwept() != null) {
            out.println(terminal.bad((result.notSwept() == RetentionResult.NotSwept.UNREADABLE
                            ? "  No copy was removed: "
                            : "  Not everything was looked at that nothing refers to: ")
                    + result.notSwept().words()));
        }
    }

    private void tell(long number, String what) {
        if (number > 0) {
            out.printf(Locale.ROOT, "  %,d %s%n", number, what);
        }
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }
}
