package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Snapshots as a table for people, a line each; what is wrong with one is in lines of its own below it. */
final class SnapshotTable {

    private final Terminal terminal;
    private final List<LabelledSnapshot> snapshots;
    private final int vaultWidth;

    SnapshotTable(Terminal terminal, List<LabelledSnapshot> snapshots) {
        this.terminal = terminal;
        this.snapshots = List.copyOf(snapshots);
        this.vaultWidth = snapshots.stream()
                .mapToInt(each -> each.snapshot().vault().length())
                .max()
                .orElse(0);
    }

    void print(Function<StoredManifest, ManifestHead> heads) {
        line(String.format("%-23s  %-10s  %4s  %8s  %8s  ", "SNAPSHOT", "STATUS", "EXEC", "COPIES", "OBJECTS")
                + vaultAndLabels("VAULT", "LABELS"));
        for (LabelledSnapshot labelled : snapshots) {
            String id = String.format("%-23s  ", labelled.snapshot().id());
            String vaultAndLabels = vaultAndLabels(
                    labelled.snapshot().vault(),
                    LabelReport.text(labelled.labels().labels()));
            try {
                line(id + told(heads.apply(labelled.snapshot().manifest())) + vaultAndLabels);
            } catch (UnreadableManifestException damaged) {
                line(id + terminal.bad("UNREADABLE") + " ".repeat(28) + vaultAndLabels);
                line("    " + Printable.line(damaged.failure().message()));
            }
            labelled.labels().doubts().forEach(doubt -> line("    " + terminal.bad(Printable.line(doubt))));
        }
    }

    private String told(ManifestHead head) {
        String status = String.format("%-10s", head.complete() ? "COMPLETE" : "INCOMPLETE");
        return (head.complete() ? terminal.good(status) : terminal.bad(status))
                + String.format(
                        Locale.ROOT,
                        "  %4d  %,8d  %,8d  ",
                        head.execution(),
                        head.counts().getOrDefault(Outcome.BACKED_UP, 0L)
                                + head.counts().getOrDefault(Outcome.UNCHANGED, 0L),
                        head.counts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
    }

    private String vaultAndLabels(String vault, String labels) {
        return vault + " ".repeat(Math.max(0, vaultWidth - vault.length()) + 2) + labels;
    }

    private void line(String text) {
        terminal.out().println(text.stripTrailing());
    }
}
