package io.keyvaultbackup.dashboard.snapshots;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a restore would do, as the JSON lines of {@code restore --dry-run} tell it.
 *
 * @param rows what it would do with each object
 * @param outcomes how many objects it would do what with, those that it tells nothing of included
 * @param notInSnapshot what was asked for, and the snapshot does not have
 * @param deletedUnknown why nobody knows which deleted objects are in the way; null if it is known
 * @param snapshot of which it is; null if there is no plan
 * @param words what was said in place of a plan; empty if nothing was
 */
public record Plan(
        List<Row> rows,
        Map<String, Long> outcomes,
        List<String> notInSnapshot,
        @Nullable String deletedUnknown,
        @Nullable String snapshot,
        String words) {

    private static final JsonMapper JSON = new JsonMapper();

    public Plan {
        rows = List.copyOf(rows);
        outcomes = Map.copyOf(outcomes);
        notInSnapshot = List.copyOf(notInSnapshot);
    }

    /** @param why it would not be restored; null where it would */
    public record Row(
            String object, String outcome, @Nullable String why) {}

    /** Whatever is no such line, is taken for words: what a verb says when it fails. */
    static Plan parse(String said) {
        List<Row> rows = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        Map<String, Long> outcomes = new LinkedHashMap<>();
        @Nullable String unknown = null;
        @Nullable String snapshot = null;
        for (String line : said.lines().toList()) {
            JsonNode json = read(line);
            switch (json.path("message_type").asString("")) {
                case "planned" ->
                    rows.add(new Row(
                            json.path("object").asString(), json.path("outcome").asString(), text(json, "why")));
                case "summary" -> {
                    json.path("outcomes").forEachEntry((outcome, count) -> outcomes.put(outcome, count.asLong()));
                    json.path("not_in_snapshot").forEach(name -> absent.add(name.asString()));
                    unknown = text(json, "deleted_unknown");
                    snapshot = text(json, "snapshot");
                }
                case "error" -> words.add(json.path("message").asString(line));
                case "status" -> {
                    // how it went on, which is over
                }
                default -> words.add(line);
            }
        }
        return new Plan(
                rows,
                outcomes,
                absent,
                unknown,
                snapshot,
                String.join("\n", words).strip());
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException noJson) {
            return JSON.missingNode();
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.path(name).asString() : null;
    }
}
