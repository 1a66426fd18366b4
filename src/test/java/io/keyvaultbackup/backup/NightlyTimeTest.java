package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How much faster a night is than a full run, at the same budget, one after the other in one process: the seconds that the runs themselves tell. In real
 * time, some four minutes.
 */
@Tag("benchmark")
class NightlyTimeTest extends EmulatedVaultTest {

    private static final int OBJECTS = 10_000;
    private static final int CHANGED = OBJECTS / 100;
    private static final Instant FIRST_NIGHT = Instant.parse("2026-01-05T03:00:00Z");

    private double night(int number, String... more) {
        Bench.Result result = bench.backUp(
                vault,
                Stream.concat(
                                Stream.of(
                                        "--scheduled-for",
                                        FIRST_NIGHT
                                                .plus(number, ChronoUnit.DAYS)
                                                .toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        System.out.println("night " + number + ": " + result.outcomes() + ", "
                + result.summary().path("units_spent") + " units, "
                + result.summary().path("seconds") + " s");
        return result.summary().path("seconds").asDouble();
    }

    private void change() throws InterruptedException {
        for (int number = 0; number < CHANGED; number++) {
            vault.rotate("secret", String.format("app%06d", 1 + number * (OBJECTS / CHANGED)));
        }
        Thread.sleep(3_000); // as real changes, hours before the run: the run itself would wait for two seconds
    }

    @Test
    void aNightIsManyTimesFasterThanAFullRun() throws InterruptedException {
        // given
        bench.set("keyvault-backup.budget", "2000");
        vault.secrets("app", OBJECTS);
        Thread.sleep(3_000);
        double first = night(0);
        change();

        // when
        double refreshing = night(1);
        change();
        bench.set("keyvault-backup.refresh-days", "0");
        double changed = night(2);
        double full = night(3, "--full");

        // then
        System.out.println(Map.of(
                "first",
                first,
                "full",
                full,
                "full / with 1/7 refreshed",
                full / refreshing,
                "full / changed",
                full / changed));
        assertThat(full / refreshing).isGreaterThanOrEqualTo(5);
        assertThat(full / changed).isGreaterThanOrEqualTo(18);
    }
}
