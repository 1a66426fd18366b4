package io.keyvaultbackup.scale;

import io.keyvaultbackup.pacing.Budget;
import java.time.Duration;

/**
 * The processes that share a night.
 *
 * @param count how many
 * @param vaultsAtOnce in each
 * @param budget at each vault
 * @param threads calls under way at a vault
 * @param latency of every call
 * @param perVault what a run takes beside its calls
 * @param cores of each
 */
record Pods(
        int count, int vaultsAtOnce, Budget budget, int threads, Duration latency, Duration perVault, double cores) {

    /** The defaults, in pods of one core. */
    static Pods of(int count) {
        return new Pods(count, 4, Budget.parse("50%"), 32, Duration.ofMillis(20), Duration.ofSeconds(1), 1);
    }

    Pods withVaultsAtOnce(int more) {
        return new Pods(count, more, budget, threads, latency, perVault, cores);
    }

    Pods withBudget(int units) {
        return new Pods(count, vaultsAtOnce, new Budget(units), threads, latency, perVault, cores);
    }

    Pods withCallsOf(Duration answer) {
        return new Pods(count, vaultsAtOnce, budget, threads, answer, perVault, cores);
    }

    Pods withRunsOf(Duration beside) {
        return new Pods(count, vaultsAtOnce, budget, threads, latency, beside, cores);
    }

    Pods withCores(double fewer) {
        return new Pods(count, vaultsAtOnce, budget, threads, latency, perVault, fewer);
    }
}
