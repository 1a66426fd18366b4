package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Which snapshots <code>forget</code> keeps: each that any rule keeps. 0, or nothing, is no such rule.
 *
 * @param keepLast so many of the newest
 * @param keepHourly the newest of each of so many hours that have one
 * @param keepDaily the same of days
 * @param keepWeekly the same of weeks, from Monday
 * @param keepMonthly the same of months
 * @param keepYearly the same of years
 * @param keepWithin those that are no older than this before the newest, such as 30d or 1y6m
 * @param keepTags those that have any of these tags
 * @param zone whose calendar and clock tell days and hours, such as Europe/Berlin
 * @param grace how old a blob must be that never belonged to a snapshot, as an execution that did not end leaves it, before it is removed
 * @param threads removals under way at a time
 */
@ConfigurationProperties("keyvault-backup.retention")
record RetentionProperties(
        @DefaultValue("0") int keepLast,
        @DefaultValue("0") int keepHourly,
        @DefaultValue("0") int keepDaily,
        @DefaultValue("0") int keepWeekly,
        @DefaultValue("0") int keepMonthly,
        @DefaultValue("0") int keepYearly,
        @Nullable String keepWithin,
        @DefaultValue List<String> keepTags,
        @DefaultValue("UTC") String zone,
        @DefaultValue("7d") Duration grace,
        @DefaultValue("16") int threads) {

    static final String PREFIX = "keyvault-backup.retention.";

    private static final int MOST_THREADS = 64;

    /** @throws IllegalArgumentException if something is wrong that {@link #problems()} tells */
    KeepPolicy policy() {
        return new KeepPolicy(
                keepLast,
                keepHourly,
                keepDaily,
                keepWeekly,
                keepMonthly,
                keepYearly,
                StringUtils.hasText(keepWithin) ? KeepWithin.parse(keepWithin) : null,
                new TreeSet<>(keepTags),
                zoneId());
    }

    private ZoneId zoneId() {
        try {
            return ZoneId.of(zone.strip());
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "zone: '" + zone + "' is no time zone that is known; it looks like UTC or Europe/Berlin", unknown);
        }
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        try {
            policy();
        } catch (IllegalArgumentException wrong) {
            problems.add(PREFIX + wrong.getMessage());
        }
        if (grace.isNegative()) {
            problems.add(PREFIX + "grace: " + grace + " is negative; give a time such as 7d");
        }
        if (threads < 1 || threads > MOST_THREADS) {
            problems.add(
                    PREFIX + "threads: " + threads + " is not a number from 1 to " + MOST_THREADS + ", such as 16");
        }
        return problems;
    }
}
