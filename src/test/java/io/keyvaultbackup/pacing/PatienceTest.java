package io.keyvaultbackup.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PatienceTest {

    private final TestStopwatch stopwatch = new TestStopwatch();
    private final Patience patience = new Patience(stopwatch, failure -> {}, () -> 0.5);
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void triesAgainAfterOneTwoAndFourSecondsWhatMayPass() {
        assertThat(patience.call(failing(3, FailureReason.UNAVAILABLE), tries::incrementAndGet))
                .isEqualTo("done");

        assertThat(tries).hasValue(4);
        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void givesUpAfterFourTries() {
        assertThatThrownBy(() -> patience.call(failing(4, FailureReason.NETWORK), tries::incrementAndGet))
                .isInstanceOf(VaultException.class);

        assertThat(tries).hasValue(4);
    }

    @Test
    void triesAStoreThatIsBusySixTimes() {
        assertThat(patience.call(failing(5, FailureReason.STORE_UNAVAILABLE), tries::incrementAndGet))
                .isEqualTo("done");

        assertThat(tries).hasValue(6);
        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(1 + 2 + 4 + 8 + 16));
    }

    @ParameterizedTest
    @CsvSource({"0.0, 500, 1000, 2000", "0.5, 1000, 2000, 4000", "0.75, 1250, 2500, 5000", "1.0, 1500, 3000, 6000"})
    void waitsHalfToOneAndAHalfTimesAsLongThatManyDoNotComeBackTogether(
            double random, long first, long second, long third) {
        List<Duration> waits = new ArrayList<>();
        Patience jittered = new Patience(
                new Stopwatch() {
                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public void sleep(Duration duration) {
                        waits.add(duration);
                    }
                },
                failure -> {},
                () -> random);

        jittered.call(failing(3, FailureReason.UNAVAILABLE));

        assertThat(waits)
                .containsExactly(Duration.ofMillis(first), Duration.ofMillis(second), Duration.ofMillis(third));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "7, 7", "119, 119", "3600, 120"})
    void leavesAServiceAloneForAsLongAsItAsksUpToTwoMinutes(int asked, int waited) {
        patience.call(failing(
                1, new Failure(FailureReason.UNAVAILABLE, 503, null, "later", null, Duration.ofSeconds(asked))));

        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(waited));
    }

    @ParameterizedTest
    @EnumSource
    void waitsBeforeEveryReasonThatIsTriedAgainButTheThrottled(FailureReason reason) {
        assertThat(reason.firstWait().isPositive()).isEqualTo(reason.mayPass() && reason != FailureReason.THROTTLED);
        assertThat(reason.tries()).isBetween(1, 10);
    }

    @Test
    void leavesTheWaitingToThePacerWhenThrottled() {
        assertThat(patience.call(failing(9, FailureReason.THROTTLED), tries::incrementAndGet))
                .isEqualTo("done");

        assertThat(tries).hasValue(10);
        assertThat(stopwatch.slept()).isZero();
    }

    @Test
    void givesUpAfterTenThrottledTries() {
        assertThatThrownBy(() -> patience.call(failing(10, FailureReason.THROTTLED), tries::incrementAndGet))
                .isInstanceOf(VaultException.class);

        assertThat(tries).hasValue(10);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ROLE_MISSING",
                "ACCESS_POLICY_MISSING",
                "FIREWALL",
                "FORBIDDEN",
                "NOT_AUTHENTICATED",
                "DISABLED",
                "MANAGED_BY_CERTIFICATE",
                "TOO_MANY_VERSIONS",
                "STORE_NOT_AUTHORISED",
                "STORE_NOT_FOUND",
                "STORE_IMMUTABLE",
                "STORE_CONFLICT",
                "NOT_FOUND",
                "REFUSED",
                "UNKNOWN"
            })
    void neverTriesAgainWhatCannotPass(FailureReason reason) {
        assertThatThrownBy(() -> patience.call(failing(1, reason), tries::incrementAndGet))
                .isInstanceOf(VaultException.class);

        assertThat(tries).hasValue(1);
        assertThat(stopwatch.slept()).isZero();
    }

    @Test
    void countsTheThrottledTriesApart() {
        Iterator<FailureReason> failures = List.of(
                        FailureReason.THROTTLED,
                        FailureReason.UNAVAILABLE,
                        FailureReason.THROTTLED,
                        FailureReason.THROTTLED,
                        FailureReason.UNAVAILABLE,
                        FailureReason.UNAVAILABLE)
                .iterator();

        assertThat(patience.call(
                        () -> {
                            if (failures.hasNext()) {
                                throw new VaultException(Failure.of(failures.next(), "as the test wants it"), null);
                            }
                            return "done";
                        },
                        tries::incrementAndGet))
                .isEqualTo("done");

        assertThat(tries).hasValue(7);
        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(1 + 2 + 4));
    }

    private static Supplier<String> failing(int times, FailureReason reason) {
        return failing(times, Failure.of(reason, "as the test wants it"));
    }

    private static Supplier<String> failing(int times, Failure failure) {
        AtomicInteger left = new AtomicInteger(times);
        return () -> {
            if (left.getAndDecrement() > 0) {
                throw new VaultException(failure, null);
            }
            return "done";
        };
    }
}
