package io.keyvaultbackup.dashboard.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/** When runs are scheduled, as a CronJob has it: five fields or a macro such as @daily, and a zone. */
record Schedule(CronExpression cron, ZoneId zone) {

    private static final int FIELDS = 5;

    /** What cron and Kubernetes take in place of the fields. */
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    /** From where its times are counted off: a minute's schedule has none of the longer ways to go. */
    private static final List<Duration> LOOKED_BACK =
            List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32), Duration.ofDays(366));

    /** @throws IllegalArgumentException with a sentence for people */
    static Schedule parse(String cron, String zone) {
        String[] fields = MACROS.getOrDefault(cron.strip(), cron.strip()).split("\\s+", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("'" + cron
                    + "' has not the five fields of a schedule (minute, hour, day, month, weekday), such as 0 3 * * *");
        }
        if (!isEach(fields[2]) && !isEach(fields[4])) {
            throw new IllegalArgumentException(
                    "'" + cron
                            + "' names days of the month and of the week, which is either of them to cron; name one kind, such as 0 3 * * 1-5");
        }
        try {
            return new Schedule(CronExpression.parse("0 " + String.join(" ", fields)), ZoneId.of(zone.strip()));
        } catch (java.time.DateTimeException unknown) {
            throw new IllegalArgumentException("'" + zone + "' is no time zone, such as UTC or Europe/Berlin", unknown);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "'" + cron + "' is no schedule, such as 0 3 * * *: " + unreadable.getMessage(), unreadable);
        }
    }

    private static boolean isEach(String field) {
        return field.startsWith("*") || field.startsWith("?");
    }

    /** Empty if it never comes again, as on a 30 February. */
    Optional<Instant> next(Instant now) {
        return Optional.ofNullable(cron.next(ZonedDateTime.ofInstant(now, zone)))
                .map(ZonedDateTime::toInstant);
    }

    /** The last time that is not after this; empty if there was none for a year. */
    Optional<Instant> latest(Instant now) {
        for (Duration back : LOOKED_BACK) {
            Optional<Instant> latest = Optional.empty();
            for (Optional<Instant> next = next(now.minus(back));
                    next.isPresent() && !next.get().isAfter(now);
                    next = next(next.get())) {
                latest = next;
            }
            if (latest.isPresent()) {
                return latest;
            }
        }
        return Optional.empty();
    }
}
