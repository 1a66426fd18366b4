package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Between summaries' columns of text and their values. Stateless. */
final class Tallies {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader COUNTS = JSON.readerFor(new TypeReference<Map<String, Long>>() {});
    private static final ObjectReader BY_KIND = JSON.readerFor(new TypeReference<Map<String, Map<String, Long>>>() {});

    private Tallies() {}

    /** {@code {"SECRET":{"BACKED_UP":12}}}. */
    static String byKind(Map<ObjectKind, Map<Outcome, Long>> objects) {
        Map<String, Map<String, Long>> names = new TreeMap<>();
        objects.forEach((kind, outcomes) -> names.put(kind.name(), names(outcomes)));
        return Rows.json(names);
    }

    static Map<ObjectKind, Map<Outcome, Long>> byKind(@Nullable String json) {
        Map<ObjectKind, Map<Outcome, Long>> objects = new EnumMap<>(ObjectKind.class);
        if (json != null) {
            Map<String, Map<String, Long>> names = BY_KIND.readValue(json);
            names.forEach((kind, outcomes) -> {
                Map<Outcome, Long> ofKind = new EnumMap<>(Outcome.class);
                outcomes.forEach((outcome, count) -> ofKind.put(Outcome.valueOf(outcome), count));
                objects.put(ObjectKind.valueOf(kind), ofKind);
            });
        }
        return objects;
    }

    /** {@code {"THROTTLED":3}}. */
    static String reasons(Map<FailureReason, Long> reasons) {
        return Rows.json(names(reasons));
    }

    static Map<FailureReason, Long> reasons(@Nullable String json) {
        Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
        if (json != null) {
            Map<String, Long> names = COUNTS.readValue(json);
            names.forEach((reason, count) -> reasons.put(FailureReason.valueOf(reason), count));
        }
        return reasons;
    }

    private static Map<String, Long> names(Map<? extends Enum<?>, Long> counts) {
        Map<String, Long> names = new TreeMap<>();
        counts.forEach((name, count) -> names.put(name.name(), count));
        return names;
    }

    /** One letter a run: no two states have the same first one. */
    static String strip(List<RunStatus> runs) {
        StringBuilder letters = new StringBuilder();
        runs.forEach(status -> letters.append(status.name().charAt(0)));
        return letters.toString();
    }

    static List<RunStatus> strip(String letters) {
        return letters.chars().mapToObj(Tallies::status).toList();
    }

    private static RunStatus status(int letter) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> status.name().charAt(0) == letter)
                .findFirst()
                .orElseThrow();
    }
}
