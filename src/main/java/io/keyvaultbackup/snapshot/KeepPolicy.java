package io.keyvaultbackup.snapshot;

import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots of a vault are kept: each that any of these rules keeps, applied to the snapshots of each selection (kinds and filters) by
 * themselves. A number of days means days that have a snapshot, and the newest
 * of each; hours, weeks (from Monday), months and years likewise.
 *
 * @param last how many of the newest; 0 is no such rule, as for all numbers
 * @param within those at most so much older than the newest; null if there is no such rule
 * @param tags those that have any of these tags
 * @param zone whose calendar and clock tell days and hours
 */
public record KeepPolicy(
        int last,
        int hourly,
        int daily,
        int weekly,
        int monthly,
        int yearly,
        @Nullable KeepWithin within,
        SortedSet<String> tags,
        ZoneId zone) {

    /** @throws IllegalArgumentException with a sentence for people */
    public KeepPolicy {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        tags.forEach(Labels::checkTag);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("keep-last", last);
        numbers.put("keep-hourly", hourly);
        numbers.put("keep-daily", daily);
        numbers.put("keep-weekly", weekly);
        numbers.put("keep-monthly", monthly);
        numbers.put("keep-yearly", yearly);
        numbers.forEach((rule, number) -> {
            if (number < 0) {
                throw new IllegalArgumentException(rule + ": " + number
                        + " is no number of snapshots to keep; 0 means that there is no such rule");
            }
        });
    }

    /** The same, by another zone's calendar and clock. */
    public KeepPolicy in(ZoneId otherZone) {
        return new KeepPolicy(last, hourly, daily, weekly, monthly, yearly, within, tags, otherZone);
    }

    /** Whether it has no rule at all; nothing may be forgotten by such a policy. */
    public boolean isEmpty() {
        return last == 0
                && hourly == 0
                && daily == 0
                && weekly == 0
                && monthly == 0
                && yearly == 0
                && within == null
                && tags.isEmpty();
    }
}
