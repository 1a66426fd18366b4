package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which objects somebody wants to see.
 *
 * @param text a pattern as the verbs have it, or a part of a name; empty for all
 * @param state null for any
 */
public record ObjectFilter(
        String text,
        @Nullable ObjectKind kind,
        @Nullable Outcome outcome,
        @Nullable State state) {

    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9*?/-]{0,150}");

    /** What a vault says of an object. */
    public enum State {
        ENABLED,
        DISABLED,
        MANAGED;

        private boolean is(LedgerObject object) {
            return switch (this) {
                case ENABLED -> object.object().token().enabled();
                case DISABLED -> !object.object().token().enabled();
                case MANAGED -> object.object().managed();
            };
        }
    }

    /** @throws IllegalArgumentException with a sentence for people */
    public ObjectFilter {
        text = text.strip();
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "q: that is no pattern of objects; names have letters, digits and dashes, * stands for"
                            + " any text and ? for one character, such as db-*, or secret/db-* with the kind; 150 characters at most");
        }
    }

    /**
     * What an address says; nothing and empty are the same.
     *
     * @throws IllegalArgumentException with the parameter and a sentence for people
     */
    public static ObjectFilter of(
            @Nullable String text, @Nullable String kind, @Nullable String outcome, @Nullable String state) {
        return new ObjectFilter(
                text == null ? "" : text,
                one("kind", ObjectKind.values(), kind),
                one("outcome", Outcome.values(), outcome),
                one("state", State.values(), state));
    }

    private static <E extends Enum<E>> @Nullable E one(String parameter, E[] all, @Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        return Stream.of(all)
                .filter(one -> one.name().equalsIgnoreCase(given.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(parameter + ": it is one of "
                        + Stream.of(all)
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** Whether it is one of them. */
    public boolean matches(LedgerObject object) {
        return (text.isEmpty() || Selection.matches(pattern(), object.object().id()))
                && (kind == null || object.object().id().kind() == kind)
                && (outcome == null || object.result().outcome() == outcome)
                && (state == null || state.is(object));
    }

    private String pattern() {
        return text.contains("*") || text.contains("?") ? text : "*" + text + "*";
    }

    /** What the job database is asked for: all of them, and perhaps more. */
    ObjectPages.Filter roughly() {
        String name = Arrays.stream(text.substring(text.lastIndexOf('/') + 1).split("[*?]", -1))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
        return new ObjectPages.Filter(outcome, kind, name.isEmpty() ? null : name);
    }
}
