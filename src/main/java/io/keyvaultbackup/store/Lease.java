package io.keyvaultbackup.store;

import java.time.Duration;

/** The right to back up one vault, for a short time that can be renewed. Safe for use by many threads. */
public interface Lease extends AutoCloseable {

    /** The epoch: part of every name that is written under this lease. */
    int execution();

    /** How long it lasts without being renewed; renew well before, after a third of it. */
    Duration lifetime();

    /**
     * Lets the lifetime begin anew.
     *
     * @throws LeaseLostException if somebody else has it now, or could have
     * @throws StoreException if the store could not tell; what is left of the lifetime is for trying again
     */
    void renew();

    /**
     * Gives it back, so that the next one gets it at once; its number stays in use. Does nothing where it was lost or given back
     * already, and never throws: if the store can't be reached, the lease ends by itself.
     */
    @Override
    void close();
}
