package io.keyvaultbackup.fleet;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those up who wait for something to change; none that is told between a look and the wait is missed. Safe for use by many threads. */
final class Changes {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private long count;

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    void tell() {
        lock.lock();
        try {
            count++;
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns once there was another change than the one seen, or the time is over.
     *
     * @return the count then
     */
    long await(long seen, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (count == seen && left > 0) {
                left = told.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others were at work", interrupted);
        } finally {
            lock.unlock();
        }
        return count();
    }
}
