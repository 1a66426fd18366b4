package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.dashboard.view.RunSchedule.Told;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownScheduleTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static KnownSchedule told(String cron, boolean suspended) {
        return KnownSchedule.of(
                Optional.empty(),
                Reading.known(Optional.of(new Told(cron, "Europe/Berlin", "CronJob nightly", suspended))));
    }

    @Test
    void whatTheConfigurationSaysCountsElseWhatTheCronJobHas() {
        assertThat(told("0 3 * * *", false))
                .satisfies(known -> assertThat(known.next(NOW)).isEqualTo("2026-11-28T02:00:00Z"))
                .satisfies(known -> assertThat(known.latest(NOW)).isEqualTo("2026-11-27T02:00:00Z"))
                .satisfies(known -> assertThat(known.remark()).isNull());
        assertThat(KnownSchedule.of(
                                Optional.of(Schedule.parse("0 5 * * *", "UTC")),
                                Reading.known(Optional.of(new Told("0 3 * * *", "UTC", "CronJob nightly", true))))
                        .next(NOW))
                .isEqualTo("2026-11-28T05:00:00Z");
    }

    @Test
    void aSuspendedOneHasNoNextRunAndSaysSo() {
        assertThat(told("0 3 * * *", true))
                .satisfies(known -> assertThat(known.next(NOW)).isNull())
                .satisfies(known -> assertThat(known.latest(NOW)).isNull())
                .satisfies(known -> assertThat(known.remark()).startsWith("CronJob nightly is suspended"));
    }

    @Test
    void whyItIsNotKnownIsTold() {
        assertThat(told("@every 5m", false).remark()).contains("CronJob nightly", "'@every 5m'");
        assertThat(KnownSchedule.of(Optional.empty(), Reading.missing("It was refused.", "Ask for it."))
                        .remark())
                .isEqualTo("When runs are scheduled is not known: It was refused. Ask for it.");
        assertThat(KnownSchedule.of(Optional.empty(), new Reading.Awaited<>()))
                .isEqualTo(new KnownSchedule(null, null));
        assertThat(KnownSchedule.of(Optional.empty(), Reading.known(Optional.empty())))
                .isEqualTo(new KnownSchedule(null, null));
    }
}
