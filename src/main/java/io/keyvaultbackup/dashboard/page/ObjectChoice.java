package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of a run's objects somebody wants to see; each is empty where that does not matter. What an address says wrongly is as if it were not said.
 *
 * @param text that their names have
 */
public record ObjectChoice(String text, String kind, String outcome, String reason) {

    private static final int LONGEST = 127;

    /** Not all of it is what a database takes; no name has what stands for it either. */
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^0-9A-Za-z-]");

    static ObjectChoice of(
            @Nullable String text, @Nullable String kind, @Nullable String outcome, @Nullable String reason) {
        String wanted = text == null ? "" : text.strip();
        return new ObjectChoice(
                wanted.substring(0, Math.min(wanted.length(), LONGEST)),
                key(named(ObjectKind.values(), kind)),
                key(named(Outcome.values(), outcome)),
                key(named(FailureReason.values(), reason)));
    }

    ObjectPages.Filter filter() {
        return new ObjectPages.Filter(
                named(Outcome.values(), outcome),
                named(ObjectKind.values(), kind),
                text.isEmpty() ? null : NOT_IN_NAMES.matcher(text).replaceAll("?"),
                named(FailureReason.values(), reason));
    }

    /** @param behind where the page before ended; null for the first page */
    String link(String run, @Nullable String behind) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("q", text);
        parameters.put("kind", kind);
        parameters.put("outcome", outcome);
        parameters.put("reason", reason);
        parameters.put("behind", behind);
        return Links.with(run, parameters) + "#objects";
    }

    /** Whether only some of all objects are wanted. */
    public boolean isChosen() {
        return !(text.isEmpty() && kind.isEmpty() && outcome.isEmpty() && reason.isEmpty());
    }

    static <E extends Enum<E>> @Nullable E named(E[] all, @Nullable String name) {
        return Stream.of(all)
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    private static String key(@Nullable Enum<?> chosen) {
        return chosen == null ? "" : chosen.name().toLowerCase(Locale.ROOT);
    }
}
