package io.keyvaultbackup.pacing;

/**
 * Spends what all vaults of a subscription and region together may cost: this process's part of it, where several are at work. Each call is charged as
 * if every other process made one as well; what was charged before another process came stays as it was. Hears of no 429, which is one vault's. Safe for use by many threads.
 */
public final class SubscriptionPacer {

    private final Pacer pacer;
    private volatile int processes = 1;

    /** @param budget of all processes together */
    public SubscriptionPacer(Budget budget, Stopwatch stopwatch) {
        this.pacer = new Pacer(budget, stopwatch);
    }

    /** From now on so many processes share the budget, this one among them. */
    public void sharedBy(int count) {
        processes = count;
    }

    /** @param soon whether before nearly all that wait */
    Pacer.Permit acquire(int cost, boolean soon) throws InterruptedException {
        int charged = Math.multiplyExact(cost, processes);
        return soon ? pacer.acquireSoon(charged) : pacer.acquire(charged);
    }

    /** What was charged so far, the part of the others among it. */
    public Pacer.Usage usage() {
        return pacer.usage();
    }
}
