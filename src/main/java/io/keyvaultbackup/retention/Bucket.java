package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A stretch of the calendar of which one snapshot is kept. */
enum Bucket {
    /** With the offset, which tells apart the two hours that a clock shows when it is put back. */
    HOURLY(pattern("uuuu-MM-dd'T'HHxxx")),
    DAILY(pattern("uuuu-MM-dd")),
    /** As ISO 8601 counts them, from Monday: the last days of December may be in the first week of the next year. */
    WEEKLY(new DateTimeFormatterBuilder()
            .appendValue(IsoFields.WEEK_BASED_YEAR, 4)
            .appendLiteral("-W")
            .appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2)
            .toFormatter(Locale.ROOT)),
    MONTHLY(pattern("uuuu-MM")),
    YEARLY(pattern("uuuu"));

    private final DateTimeFormatter format;

    Bucket(DateTimeFormatter format) {
        this.format = format;
    }

    private static DateTimeFormatter pattern(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    /** How many of them a policy keeps a snapshot of. */
    int number(KeepPolicy policy) {
        return switch (this) {
            case HOURLY -> policy.hourly();
            case DAILY -> policy.daily();
            case WEEKLY -> policy.weekly();
            case MONTHLY -> policy.monthly();
            case YEARLY -> policy.yearly();
        };
    }

    /** The one that a moment is in, such as {@code daily 2026-11-24}. */
    String of(ZonedDateTime time) {
        return name().toLowerCase(Locale.ROOT) + " " + format.format(time);
    }
}
