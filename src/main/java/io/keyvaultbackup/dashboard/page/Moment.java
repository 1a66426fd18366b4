package io.keyvaultbackup.dashboard.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time, as a page writes it: the script shows it in the viewer's zone, and this one on hover.
 *
 * @param iso for the machine
 * @param utc for people
 */
public record Moment(String iso, String utc) {

    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Moment of(Instant time) {
        return new Moment(time.truncatedTo(ChronoUnit.SECONDS).toString(), TEXT.format(time));
    }

    static @Nullable Moment orNull(@Nullable Instant time) {
        return time == null ? null : of(time);
    }
}
