package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.ObjectFilter;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields with which objects are looked for, as they were filled in, rightly or wrongly. */
public record FilterForm(String q, String kind, String outcome, String state) {

    /** What there is to choose from. */
    public record Choice(String key, String words) {

        static Choice of(Enum<?> one) {
            String key = one.name().toLowerCase(Locale.ROOT);
            return new Choice(key, key.replace('_', ' '));
        }
    }

    static FilterForm of(@Nullable String q, @Nullable String kind, @Nullable String outcome, @Nullable String state) {
        return new FilterForm(orEmpty(q), orEmpty(kind), orEmpty(outcome), orEmpty(state));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /** @throws IllegalArgumentException with a sentence for people */
    ObjectFilter filter() {
        return ObjectFilter.of(q, kind, outcome, state);
    }

    public boolean isEmpty() {
        return q.isEmpty() && kind.isEmpty() && outcome.isEmpty() && state.isEmpty();
    }

    String behind(String path, String cursor) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("q", q);
        parameters.put("kind", kind);
        parameters.put("outcome", outcome);
        parameters.put("state", state);
        parameters.put("behind", cursor);
        return Links.with(path, parameters);
    }

    public List<Choice> kinds() {
        return Arrays.stream(ObjectKind.values()).map(Choice::of).toList();
    }

    public List<Choice> outcomes() {
        return Arrays.stream(Outcome.values())
                .filter(one -> one != Outcome.PENDING)
                .map(Choice::of)
                .toList();
    }

    public List<Choice> states() {
        return Arrays.stream(ObjectFilter.State.values()).map(Choice::of).toList();
    }
}
