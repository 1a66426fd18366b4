package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.LabelChange;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells which labels snapshots have now: each as soon as it is done, as text or as a JSON line {@code labels}, and a {@code summary}. */
final class LabelReport {

    private final Terminal terminal;
    private final @Nullable JsonLines lines;
    private long snapshots;
    private long changed;

    LabelReport(Terminal terminal, CommonOptions common) {
        this.terminal = terminal;
        this.lines = common.json() ? new JsonLines(terminal.out()) : null;
    }

    void changed(StoredSnapshot snapshot, LabelChange change) {
        snapshots++;
        if (change.file() != null) {
            changed++;
        }
        if (lines != null) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("snapshot", snapshot.id().value());
            line.put("vault", snapshot.vault());
            line.put("changed", change.file() != null);
            line.putAll(json(change.after()));
            line.put("label_file", change.file());
            line.put(
                    "label_doubts",
                    change.before().doubts().isEmpty() ? null : change.before().doubts());
            lines.print("labels", line);
            return;
        }
        String now = text(change.after());
        terminal.out()
                .println(snapshot.id() + " of " + snapshot.vault() + ": " + (now.isEmpty() ? "no labels" : now)
                        + (change.file() == null ? " (as before)" : ""));
        for (String doubt : change.before().doubts()) {
            terminal.out()
                    .println("    " + terminal.bad(Printable.line((change.file() == null ? "" : "settled: ") + doubt)));
        }
    }

    void end() {
        if (lines != null) {
            lines.print("summary", Map.of("snapshots", snapshots, "changed", changed));
        }
    }

    /** As a table shows them: {@code pinned, tagged audit, year-end}. */
    static String text(Labels labels) {
        List<String> words = new ArrayList<>();
        if (labels.pinned()) {
            words.add("pinned");
        }
        if (!labels.tags().isEmpty()) {
            words.add("tagged " + String.join(", ", labels.tags()));
        }
        return String.join(", ", words);
    }

    /** As properties of a JSON line. */
    static Map<String, Object> json(Labels labels) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("pinned", labels.pinned());
        properties.put("tags", List.copyOf(labels.tags()));
        return properties;
    }
}
