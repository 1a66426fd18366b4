package io.keyvaultbackup.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The scheduled time of a run, as it is given on the command line. */
final class ScheduledTime {

    /** Kubernetes names a CronJob's Jobs so: the CronJob's name and the scheduled time in minutes since 1970. */
    private static final Pattern JOB_OF_A_CRON_JOB = Pattern.compile(".+-(\\d{8})");

    /** As Kubernetes writes them; {@link UUID#fromString} takes much else. */
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** A name that only looks so tells of some other time; a CronJob that lags more than that has other troubles. */
    private static final Duration LONGEST_AGO = Duration.ofDays(10);

    private static final Duration LONGEST_AHEAD = Duration.ofDays(1);

    private ScheduledTime() {}

    /** The time that the text says, or null and a problem. */
    static @Nullable Instant read(String text, List<String> problems) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException unreadable) {
            problems.add("--scheduled-for: '" + text + "' is not a time; it looks like 2026-11-24T03:00:00Z");
            return null;
        }
    }

    /** The uid that the text is, or null and a problem. */
    static @Nullable UUID readUid(String text, List<String> problems) {
        if (UID.matcher(text).matches()) {
            return UUID.fromString(text);
        }
        problems.add("--job-uid: '" + text + "' is no Job's uid; it looks like 0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4");
        return null;
    }

    /** The time that a Job's name tells, if a CronJob gave it one. */
    static Optional<Instant> ofJob(@Nullable String name, Instant now) {
        Matcher matcher = JOB_OF_A_CRON_JOB.matcher(name == null ? "" : name);
        return matcher.matches()
                ? Optional.of(Instant.EPOCH.plus(Duration.ofMinutes(Long.parseLong(matcher.group(1)))))
                        .filter(time -> time.isAfter(now.minus(LONGEST_AGO)) && time.isBefore(now.plus(LONGEST_AHEAD)))
                : Optional.empty();
    }
}
