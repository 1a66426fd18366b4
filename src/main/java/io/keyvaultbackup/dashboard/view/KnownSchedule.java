package io.keyvaultbackup.dashboard.view;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When runs are scheduled, as far as is known.
 *
 * @param schedule null if there is none, or it is not known
 * @param remark why not, in sentences; null if there is nothing to say
 */
record KnownSchedule(@Nullable Schedule schedule, @Nullable String remark) {

    private static final String NOT_KNOWN = "When runs are scheduled is not known: ";
    private static final KnownSchedule NONE = new KnownSchedule(null, null);

    /** What the configuration says; where it says nothing, what was told. */
    static KnownSchedule of(Optional<Schedule> configured, Reading<Optional<RunSchedule.Told>> told) {
        return configured.map(schedule -> new KnownSchedule(schedule, null)).orElseGet(() -> switch (told) {
            case Reading.Known<Optional<RunSchedule.Told>>(Optional<RunSchedule.Told> value) ->
                value.map(KnownSchedule::of).orElse(NONE);
            case Reading.Missing<?>(String why, String advice) ->
                new KnownSchedule(null, NOT_KNOWN + why + " " + advice);
            case Reading.Awaited<?> awaited -> NONE;
        });
    }

    private static KnownSchedule of(RunSchedule.Told told) {
        if (told.suspended()) {
            return new KnownSchedule(
                    null, told.starter() + " is suspended: no run is scheduled until somebody sets suspend to false.");
        }
        try {
            return new KnownSchedule(Schedule.parse(told.cron(), told.zone()), null);
        } catch (IllegalArgumentException unreadable) {
            return new KnownSchedule(
                    null,
                    NOT_KNOWN + "of the schedule of " + told.starter() + ", " + unreadable.getMessage()
                            + ". Give keyvault-backup.dashboard.schedule to have it shown.");
        }
    }

    @Nullable
    Instant next(Instant now) {
        return schedule == null ? null : schedule.next(now).orElse(null);
    }

    /** For when the latest run was to be. */
    @Nullable
    Instant latest(Instant now) {
        return schedule == null ? null : schedule.latest(now).orElse(null);
    }
}
