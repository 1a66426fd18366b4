package io.keyvaultbackup.fleet;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Which snapshots of one vault are kept, in place of all that is said of which are kept of the others; null, or nothing, is no such rule. Numbers are text,
 * as with {@link OwnStore}: a policy of empty rules would else be none, and the general one would hold.
 */
record OwnRetention(
        @Nullable String keepLast,
        @Nullable String keepHourly,
        @Nullable String keepDaily,
        @Nullable String keepWeekly,
        @Nullable String keepMonthly,
        @Nullable String keepYearly,
        @Nullable String keepWithin,
        @Nullable List<String> keepTags) {

    /** @throws IllegalArgumentException with a sentence that begins with the rule's name */
    KeepPolicy policy() {
        return new KeepPolicy(
                number("keep-last", keepLast),
                number("keep-hourly", keepHourly),
                number("keep-daily", keepDaily),
                number("keep-weekly", keepWeekly),
                number("keep-monthly", keepMonthly),
                number("keep-yearly", keepYearly),
                StringUtils.hasText(keepWithin) ? KeepWithin.parse(keepWithin) : null,
                new TreeSet<>(keepTags == null ? List.of() : keepTags),
                ZoneOffset.UTC);
    }

    private static int number(String rule, @Nullable String given) {
        if (!StringUtils.hasText(given)) {
            return 0;
        }
        try {
            return Integer.parseInt(given.strip());
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException(
                    rule + ": '" + given + "' is not a whole number, such as 14", unreadable);
        }
    }

    /** The same, but for the rules that others stand in place of. */
    OwnRetention under(OwnRetention others) {
        return new OwnRetention(
                first(others.keepLast, keepLast),
                first(others.keepHourly, keepHourly),
                first(others.keepDaily, keepDaily),
                first(others.keepWeekly, keepWeekly),
                first(others.keepMonthly, keepMonthly),
                first(others.keepYearly, keepYearly),
                first(others.keepWithin, keepWithin),
                first(others.keepTags, keepTags));
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return Optional.ofNullable(one).or(() -> Optional.ofNullable(other)).orElse(null);
    }

    /** What is wrong with it, in a sentence that begins with the rule's name. */
    Optional<String> problem() {
        try {
            return policy().isEmpty()
                    ? Optional.of(
                            ": no rule of it keeps anything. Give one, such as keep-daily: 14; or leave it out, and what is"
                                    + " said of all vaults holds")
                    : Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.of("." + wrong.getMessage());
        }
    }
}
