package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "0 3 * * *, UTC, 2026-11-27T12:00:00Z, 2026-11-28T03:00:00Z",
        "0 3 * * *, Europe/Berlin, 2026-11-27T12:00:00Z, 2026-11-28T02:00:00Z",
        "*/15 * * * *, UTC, 2026-11-27T12:01:00Z, 2026-11-27T12:15:00Z",
        "@daily, UTC, 2026-11-27T12:01:00Z, 2026-11-28T00:00:00Z",
        "@weekly, UTC, 2026-11-27T12:01:00Z, 2026-11-29T00:00:00Z",
        "@monthly, UTC, 2026-11-27T12:01:00Z, 2026-12-01T00:00:00Z",
        "@hourly, UTC, 2026-11-27T12:01:00Z, 2026-11-27T13:00:00Z",
        "0 3 ? * MON-FRI, UTC, 2026-11-27T12:01:00Z, 2026-11-30T03:00:00Z",
        "'0 0-6/2,20 * * *', UTC, 2026-11-27T12:01:00Z, 2026-11-27T20:00:00Z",
        "30 22 * * 1-5, UTC, 2026-11-28T00:00:00Z, 2026-11-30T22:30:00Z",
        "0 4 * * 0, UTC, 2026-11-27T12:00:00Z, 2026-11-29T04:00:00Z"
    })
    void tellsWhenTheNextRunIs(String cron, String zone, Instant now, Instant next) {
        assertThat(Schedule.parse(cron, zone).next(now)).hasValue(next);
    }

    @ParameterizedTest
    @CsvSource({
        "0 3 * * *, UTC, 2026-11-27T12:00:00Z, 2026-11-27T03:00:00Z",
        "0 3 * * *, UTC, 2026-11-27T03:00:00Z, 2026-11-27T03:00:00Z",
        "0 3 * * *, UTC, 2026-11-27T02:59:59Z, 2026-11-26T03:00:00Z",
        "0 3 * * *, Europe/Berlin, 2026-11-27T12:00:00Z, 2026-11-27T02:00:00Z",
        "* * * * *, UTC, 2026-11-27T12:01:30Z, 2026-11-27T12:01:00Z",
        "0 4 * * 0, UTC, 2026-11-27T12:00:00Z, 2026-11-22T04:00:00Z",
        "0 4 1 2 *, UTC, 2026-11-27T12:00:00Z, 2026-02-01T04:00:00Z"
    })
    void tellsWhenTheLatestRunWasToBe(String cron, String zone, Instant now, Instant latest) {
        assertThat(Schedule.parse(cron, zone).latest(now)).hasValue(latest);
    }

    @Test
    void neverIsNever() {
        assertThat(Schedule.parse("0 3 30 2 *", "UTC").next(Instant.EPOCH)).isEmpty();
        assertThat(Schedule.parse("0 3 30 2 *", "UTC").latest(Instant.EPOCH)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0 3 * *, UTC, has not the five fields",
        "0 25 * * *, UTC, is no schedule",
        "0 3 1 * 1, UTC, names days of the month and of the week",
        "0 3 * * *, Mars, is no time zone"
    })
    void whatIsNoScheduleIsRefusedInWords(String cron, String zone, String why) {
        assertThatThrownBy(() -> Schedule.parse(cron, zone)).hasMessageContaining(why);
    }
}
