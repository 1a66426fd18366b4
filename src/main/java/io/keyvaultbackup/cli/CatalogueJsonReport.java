package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.vault.ChangeToken;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** As JSON lines: {@code snapshot}, {@code object}, {@code difference}, and a {@code summary} of how many there were. */
final class CatalogueJsonReport implements CatalogueReport {

    private final JsonLines lines;
    private final Map<String, Object> counts = new TreeMap<>();

    CatalogueJsonReport(PrintStream out) {
        this.lines = new JsonLines(out);
    }

    @Override
    public void snapshots(List<LabelledSnapshot> snapshots, Function<StoredManifest, ManifestHead> heads, String none) {
        for (LabelledSnapshot labelled : snapshots) {
            Map<String, @Nullable Object> line = describe(labelled.snapshot());
            line.putAll(LabelReport.json(labelled.labels().labels()));
            line.put(
                    "label_doubts",
                    labelled.labels().doubts().isEmpty()
                            ? null
                            : labelled.labels().doubts());
            try {
                add(line, heads.apply(labelled.snapshot().manifest()));
            } catch (UnreadableManifestException damaged) {
                line.put("unreadable", damaged.failure().message());
            }
            print("snapshot", line);
        }
        end();
    }

    @Override
    public void head(StoredSnapshot snapshot, ManifestHead head) {
        Map<String, @Nullable Object> line = describe(snapshot);
        add(line, head);
        lines.print("snapshot", line);
    }

    @Override
    public void object(StoredSnapshot snapshot, LedgerObject object) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("snapshot", snapshot.id().value());
        line.put("vault", snapshot.vault());
        line.put("object", object.object().id().toString());
        line.put("outcome", object.result().outcome().name());
        ChangeToken token = object.object().token();
        line.put("created", text(token.created()));
        line.put("updated", text(token.updated()));
        line.put("enabled", token.enabled());
        line.put("not_before", text(token.notBefore()));
        line.put("expires", text(token.expires()));
        line.put("tags", token.tags().isEmpty() ? null : new TreeMap<>(token.tags()));
        line.put("content_type", token.contentType());
        line.put(
                "versions",
                object.result().versions() == null
                        ? null
                        : object.result().versions().size());
        if (object.result().blob() != null) {
            line.put("size", object.result().blob().size());
            line.put("sha256", object.result().blob().sha256());
            line.put("blob", object.result().blob().name());
        }
        if (object.result().failure() != null) {
            line.put("reason", object.result().failure().reason().name());
        }
        print("object", line);
    }

    @Override
    public void comparing(StoredSnapshot before, StoredSnapshot after) {
        lines.print("comparison", Map.of("before", describe(before), "after", describe(after)));
    }

    @Override
    public void difference(Difference difference) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("object", difference.id().toString());
        line.put("change", difference.change().name());
        if (!difference.fields().isEmpty()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (Difference.Field field : difference.fields()) {
                Map<String, Object> change = new LinkedHashMap<>();
                if (field.before() != null) {
                    change.put("before", field.before());
                }
                if (field.after() != null) {
                    change.put("after", field.after());
                }
                fields.put(field.name(), change);
            }
            line.put("fields", fields);
        }
        lines.print("difference", line);
        counts.merge(difference.change().name(), 1L, CatalogueJsonReport::sum);
    }

    @Override
    public void end() {
        lines.print("summary", counts);
    }

    private void print(String type, Map<String, @Nullable Object> line) {
        lines.print(type, line);
        counts.merge(type + "s", 1L, CatalogueJsonReport::sum);
    }

    private static Object sum(Object one, Object other) {
        return (Long) one + (Long) other;
    }

    private static Map<String, @Nullable Object> describe(StoredSnapshot snapshot) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("snapshot", snapshot.id().value());
        line.put("vault", snapshot.vault());
        line.put("manifest", snapshot.manifest().name());
        return line;
    }

    private static void add(Map<String, @Nullable Object> line, ManifestHead head) {
        line.put("execution", head.execution());
        line.put("complete", head.complete());
        line.put("scheduled_for", head.request().scheduledFor().toString());
        line.put("sealed_at", head.sealedAt().toString());
        line.put("subscription", head.place().subscription());
        line.put("geography", head.place().geography());
        line.put("consistent_as_of", text(head.consistentAsOf()));
        line.put("moving_count", head.movingCount());
        line.put("chain", head.chain().number());
        line.put("selection", head.request().selection().canonical());
        line.put("outcomes", new TreeMap<>(head.counts()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
