package io.keyvaultbackup.run;

import java.util.ArrayList;
import java.util.List;

/** Somebody's wish that runs end soon, in an orderly way: given once, heard by whoever is at work. Safe for use by many threads. */
public final class StopSignal {

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean given;

    /** Asks all that are at work, and all that begin later, to end. */
    public void give() {
        List<Runnable> told;
        synchronized (listeners) {
            if (given) {
                return;
            }
            given = true;
            told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
    }

    public boolean isGiven() {
        synchronized (listeners) {
            return given;
        }
    }

    /**
     * Calls this once, when the signal is given; now, if it was already.
     *
     * @return has it called no more: for whoever is done long before the process
     */
    public Runnable onGiven(Runnable listener) {
        synchronized (listeners) {
            if (!given) {
                listeners.add(listener);
                return () -> remove(listener);
            }
        }
        listener.run();
        return () -> {};
    }

    private void remove(Runnable listener) {
        synchronized (listeners) {
            listeners.remove(listener);
        }
    }
}
