package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.TestStopwatch;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The service's time is told by its answers alone. */
class ServiceTimeTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final TestStopwatch stopwatch = new TestStopwatch();
    private final ServiceTime time = new ServiceTime(stopwatch);

    @Test
    void itIsNotKnownBeforeTheServiceHasToldIt() {
        time.heard(null);

        assertThat(time.atLeast()).isNull();
        assertThat(time.isFresh()).isFalse();
        assertThat(time.waitFor(NOON)).isNull();
        assertThat(stopwatch.slept()).isZero();
    }

    @Test
    void itGoesOnBetweenAnswersAndAnOlderAnswerDoesNotTurnItBack() {
        time.heard(NOON);
        stopwatch.sleep(Duration.ofMillis(1_500));
        assertThat(time.atLeast()).isEqualTo(NOON.plusMillis(1_350)); // a tenth less, as a clock may be slewed
        assertThat(time.isFresh()).isTrue();

        // when an answer of whole seconds comes that was given before
        time.heard(NOON.plusSeconds(1));
        assertThat(time.atLeast()).isEqualTo(NOON.plusMillis(1_350));

        // and one that is newer
        time.heard(NOON.plusSeconds(2));
        assertThat(time.atLeast()).isEqualTo(NOON.plusSeconds(2));
    }

    @Test
    void aMomentThatIsCloseIsWaitedForAndNoLonger() {
        time.heard(NOON);

        assertThat(time.waitFor(NOON.plusSeconds(2))).isBetween(NOON.plusSeconds(2), NOON.plusMillis(2_005));
        assertThat(time.waitFor(NOON.plusSeconds(1))).isBetween(NOON.plusSeconds(2), NOON.plusMillis(2_005));
        assertThat(stopwatch.slept()).isBetween(Duration.ofMillis(2_222), Duration.ofMillis(2_230));
    }

    @Test
    void aMomentThatNoClockWouldShowSoonIsNotWaitedFor() {
        time.heard(NOON);

        assertThat(time.isFresh()).isTrue();
        assertThat(time.waitFor(NOON.plusSeconds(6))).isEqualTo(NOON);
        assertThat(time.waitFor(Instant.MAX)).isEqualTo(NOON);
        assertThat(stopwatch.slept()).isZero();
    }
}
