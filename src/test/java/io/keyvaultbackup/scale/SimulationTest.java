package io.keyvaultbackup.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.scale.ForecastNight.Sharing;
import io.keyvaultbackup.scale.PlannedVault.Night;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulation against what was measured, against itself call by call, and against the budgets that it must keep. */
class SimulationTest {

    private static final Duration QUICK = Duration.ofMillis(2);
    private static final PlannedVault TEN_THOUSAND = new PlannedVault(1, 10_000, "one");

    private static Pods alone() {
        return Pods.of(1).withCallsOf(QUICK).withRunsOf(Duration.ofMillis(100));
    }

    /** docs/performance.md, "A night against a full run". */
    @ParameterizedTest
    @CsvSource({"FULL, 104.8", "USUAL, 20.0"})
    void aVaultTakesWhatItWasMeasuredToTake(Night night, double measured) {
        double simulated = PacedNight.of(List.of(TEN_THOUSAND), night, alone()).seconds();

        System.out.printf(Locale.ROOT, "%s: simulated %.1f s, measured %.1f s%n", night, simulated, measured);
        assertThat(simulated).isCloseTo(measured, withinPercentage(5));
    }

    /** BudgetUseTest: at least 95 % of the budget, and never more than it. */
    @Test
    void aVaultUsesItsBudgetAndNeverMore() {
        PlannedVault vault = new PlannedVault(1, 5_000, "one");

        PacedNight.Result result = PacedNight.of(List.of(vault), Night.FULL, alone());

        assertThat(vault.calls(Night.FULL) / result.seconds() / 200).isBetween(0.95, 1.0);
        assertThat(result.mostAtAVault()).isBetween(1_900, 2_000);
    }

    /** docs/performance.md, "A night that processes share": whole processes, whose starts, 2.7 s of a processor each, two cores have to do. */
    @ParameterizedTest
    @CsvSource({"1, 214.8", "2, 110.3", "4, 59.7"})
    void processesThatShareANightTakeWhatTheyWereMeasuredToTake(int processes, double measured) {
        double start = 2.7 * Math.max(1, processes / 2.0);
        List<PlannedVault> vaults = IntStream.range(0, 40)
                .mapToObj(number ->
                        new PlannedVault(number, (int) Math.max(1, Math.round(60 * Math.pow(0.885, number))), "all"))
                .toList();
        Pods pods = alone().withBudget(60).withVaultsAtOnce(1);
        pods = new Pods(
                processes, 1, pods.budget(), pods.threads(), pods.latency(), Duration.ofMillis(100), pods.cores());

        double simulated = PacedNight.of(vaults, Night.FULL, pods).seconds() + start;

        System.out.printf(
                Locale.ROOT, "%d processes: simulated %.1f s, measured %.1f s%n", processes, simulated, measured);
        assertThat(simulated).isCloseTo(measured, withinPercentage(5));
    }

    /** What flows is what happens call by call, whatever bounds it; but for what a vault catches up after a listing, which is a second of each run at most. */
    @ParameterizedTest
    @CsvSource({
        // what bounds it: pods, vaults at once, places, night
        "1, 4, 6, FULL, 20", // the vaults' budgets
        "3, 4, 1, FULL, 20", // the one place's
        "8, 4, 6, FULL, 20", // the pods' parts
        "8, 4, 6, USUAL, 20",
        "2, 8, 2, USUAL, 200", // answers
    })
    void theForecastIsWhatHappensCallByCall(int count, int vaultsAtOnce, int places, Night night, int millis) {
        long seed = new Random().nextLong();
        Fleet fleet = Fleet.of(seed, 80, 40_000, 3_000, places);
        Pods pods = new Pods(
                count, vaultsAtOnce, new Budget(400), 32, Duration.ofMillis(millis), Duration.ofMillis(300), 1_000);

        PacedNight.Result paced = PacedNight.of(fleet.largestFirst(), night, pods);
        Forecast forecast = ForecastNight.of(fleet.largestFirst(), night, pods, Sharing.ALL_PODS, CostModel.MEASURED);

        System.out.printf(
                Locale.ROOT,
                "seed %d: %d pods of %d, %d places, %s: %.1f s call by call, %.1f s forecast, held by %s%n",
                seed,
                count,
                vaultsAtOnce,
                places,
                night,
                paced.seconds(),
                forecast.seconds(),
                forecast.bound());
        assertThat(forecast.seconds()).as("seed %d", seed).isCloseTo(paced.seconds(), withinPercentage(10));
        assertThat(paced.mostAtAVault()).isLessThanOrEqualTo(400);
        assertThat(paced.mostAtAPlace()).isLessThanOrEqualTo(2_000 + pods.count());
    }

    @Test
    void theFleetHasTheObjectsThatAreAskedFor() {
        Fleet fleet = Fleet.of(1, 1_000, 5_000_000, 50_000, 6);

        assertThat(fleet.objects()).isCloseTo(5_000_000, within(1_000L));
        assertThat(fleet.largest().objects()).isEqualTo(50_000);
        assertThat(Fleet.of(1, 1_000, 5_000_000, 50_000, 6)).isEqualTo(fleet);
    }

    /** It is not only the budgets that it knows of. */
    @Test
    void processorsBoundWhatHasTooFewOfThem() {
        Fleet fleet = Fleet.of(7, 200, 100_000, 1_000, 60);
        Pods weak = new Pods(1, 4, Budget.parse("50%"), 32, Duration.ofMillis(20), Duration.ZERO, 0.05);

        Forecast forecast =
                ForecastNight.of(fleet.largestFirst(), Night.FULL, weak, Sharing.ALL_PODS, CostModel.MEASURED);

        assertThat(forecast.bound()).isEqualTo(Forecast.Bound.PROCESSOR);
    }
}
