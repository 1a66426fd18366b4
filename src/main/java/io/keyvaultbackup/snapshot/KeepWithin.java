package io.keyvaultbackup.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far back snapshots are kept, as restic writes it: {@code 2y5m7d3h} is two years, five months, seven days and three hours. Years,
 * months and days are those of the calendar, hours are 60 minutes each.
 */
public record KeepWithin(int years, int months, int days, int hours) {

    private static final Pattern PART = Pattern.compile("(\\d{1,5})([ymdh])");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + "){1,4}");

    /**
     * Reads one; each unit at most once, in any order.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static KeepWithin parse(String text) {
        Map<String, Integer> numbers = new TreeMap<>();
        String given = text.strip();
        boolean whole = WHOLE.matcher(given).matches();
        for (Matcher part = PART.matcher(given); whole && part.find(); ) {
            whole = numbers.put(part.group(2), Integer.valueOf(part.group(1))) == null;
        }
        if (!whole || numbers.values().stream().allMatch(number -> number == 0)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no length of time to keep snapshots for; it looks like"
                            + " 30d, 1y6m or 2y5m7d3h (years, months, days, hours)");
        }
        return new KeepWithin(
                numbers.getOrDefault("y", 0),
                numbers.getOrDefault("m", 0),
                numbers.getOrDefault("d", 0),
                numbers.getOrDefault("h", 0));
    }

    /**
     * The moment that is as long before another, by the zone's calendar. Where that can be read in two ways, the earlier one, as it keeps
     * more: a year before 29 February is 28 February; an hour that the clock shows twice is the first; one that it leaves out is when it
     * was put forward.
     */
    public Instant before(Instant end, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(end, zone).minus(Period.of(years, months, days));
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        Instant start = transition != null && transition.isGap()
                ? transition.getInstant()
                : local.atZone(zone).toInstant();
        return start.minus(Duration.ofHours(hours));
    }

    /** As restic writes it. */
    @Override
    public String toString() {
        return part(years, "y") + part(months, "m") + part(days, "d") + part(hours, "h");
    }

    private static String part(int number, String unit) {
        return number == 0 ? "" : number + unit;
    }
}
