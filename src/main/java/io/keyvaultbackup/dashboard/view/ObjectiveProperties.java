package io.keyvaultbackup.dashboard.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the dashboard measures backups by.
 *
 * @param objective how old the newest good copy of a vault may become, such as 26h or 7d; keyvault-backup.fleet.vaults[].objective says so of one vault
 * @param schedule when runs are scheduled, as in the CronJob or crontab that starts them, such as 0 3 * * *; it is shown, and starts nothing
 * @param scheduleZone the time zone of that schedule, such as Europe/Berlin
 */
@ConfigurationProperties(ObjectiveProperties.PREFIX)
record ObjectiveProperties(
        @DefaultValue("26h") Duration objective,
        @Nullable String schedule,
        @DefaultValue("UTC") String scheduleZone) {

    static final String PREFIX = "keyvault-backup.dashboard";

    ObjectiveProperties {
        schedule = schedule == null || schedule.isBlank() ? null : schedule.strip();
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!objective.isPositive()) {
            problems.add(PREFIX + ".objective: " + objective + " is no time that a copy may be old, such as 26h");
        }
        try {
            parsed();
        } catch (IllegalArgumentException unreadable) {
            problems.add(PREFIX + ".schedule, .schedule-zone: " + unreadable.getMessage());
        }
        return problems;
    }

    /** Empty if none is given. */
    Optional<Schedule> parsed() {
        return Optional.ofNullable(schedule).map(cron -> Schedule.parse(cron, scheduleZone));
    }
}
