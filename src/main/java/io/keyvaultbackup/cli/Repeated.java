package io.keyvaultbackup.cli;

import java.time.Duration;

/** Does something again and again, until it is closed: then not once more. */
final class Repeated implements AutoCloseable {

    private final Thread thread;

    private Repeated(Thread thread) {
        this.thread = thread;
    }

    /** For the first time after such a while. */
    static Repeated every(Duration pause, Runnable what) {
        return new Repeated(Thread.ofVirtual().name("progress").start(() -> {
            try {
                while (true) {
                    Thread.sleep(pause);
                    what.run();
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
