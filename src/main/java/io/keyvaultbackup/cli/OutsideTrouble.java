package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells when it is of no use to begin further vaults: many launches in a row, and none that did better in between, have failed for what all vaults have in
 * common, the store or the job database. A vault that does not answer is no such failure. Safe for use by many threads.
 */
final class OutsideTrouble {

    /** In a row, beyond those that were under way when it began. */
    private static final int ENOUGH = 3;

    private final int mostInARow;
    private final AtomicInteger inARow = new AtomicInteger();

    /** @param atOnce how many launches are under way side by side */
    OutsideTrouble(int atOnce) {
        this.mostInARow = atOnce + ENOUGH;
    }

    /** A launch came to its run's end, whatever that was. */
    void none() {
        inARow.set(0);
    }

    /** A launch failed; a refusal is about its own vault. */
    void met(RuntimeException failed) {
        if (failed instanceof RunRefusedException) {
            inARow.set(0);
        } else {
            inARow.incrementAndGet();
        }
    }

    boolean isLasting() {
        return inARow.get() >= mostInARow;
    }
}
