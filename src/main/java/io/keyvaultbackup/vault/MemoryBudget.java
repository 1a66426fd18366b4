package io.keyvaultbackup.vault;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes of backups in flight, whatever the objects' sizes. A call reserves once the answer's length is known and before
 * a byte of it is read, so nobody waits for memory while holding any, and the bound holds for sizes nobody expected.
 *
 * <p>First come, first served: a large reservation is not starved by small ones. One that is larger than the whole waits until it
 * is alone. Safe for use by many threads.
 */
public final class MemoryBudget {

    private final long capacity;
    private final ReentrantLock turns = new ReentrantLock(true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private long reserved;
    private long peak;

    /** @param capacity in bytes */
    public MemoryBudget(long capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("a memory budget of " + capacity + " bytes holds nothing");
        }
        this.capacity = capacity;
    }

    /** Waits until so many bytes are free, and takes them. */
    public Reservation reserve(long bytes) throws InterruptedException {
        long wanted = Math.min(bytes, capacity);
        turns.lockInterruptibly();
        try {
            lock.lockInterruptibly();
            try {
                while (reserved + wanted > capacity) {
                    released.await();
                }
                reserved += wanted;
                peak = Math.max(peak, reserved);
                return new Reservation(wanted);
            } finally {
                lock.unlock();
            }
        } finally {
            turns.unlock();
        }
    }

    /** The most bytes that were ever reserved at one time; never more than the capacity. */
    public long peak() {
        lock.lock();
        try {
            return peak;
        } finally {
            lock.unlock();
        }
    }

    /** The bytes reserved now. */
    public long reserved() {
        lock.lock();
        try {
            return reserved;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes taken; closing gives back what is left of them, once. */
    public final class Reservation implements AutoCloseable {

        private long held;

        private Reservation(long held) {
            this.held = held;
        }

        /** Gives back all but so many bytes. */
        public void shrinkTo(long bytes) {
            lock.lock();
            try {
                if (bytes < held) {
                    reserved -= held - bytes;
                    held = bytes;
                    released.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            shrinkTo(0);
        }
    }
}
