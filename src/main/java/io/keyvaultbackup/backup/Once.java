package io.keyvaultbackup.backup;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/** Something that is done once, by whichever thread of a stage comes first, while the others wait; an interrupt ends the waiting. */
final class Once implements Runnable {

    private final Runnable what;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean done;

    Once(Runnable what) {
        this.what = what;
    }

    @Override
    public void run() {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for another thread");
        }
        try {
            if (!done) {
                what.run();
                done = true;
            }
        } finally {
            lock.unlock();
        }
    }
}
