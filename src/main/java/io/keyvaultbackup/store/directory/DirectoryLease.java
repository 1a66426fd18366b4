package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseLostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lease that is a note in a directory. */
final class DirectoryLease implements Lease {

    private final DirectoryLeases leases;
    private final String vault;
    private final LeaseHolder taker;

    DirectoryLease(DirectoryLeases leases, String vault, LeaseHolder taker) {
        this.leases = leases;
        this.vault = vault;
        this.taker = taker;
    }

    String vault() {
        return vault;
    }

    @Override
    public int execution() {
        return taker.execution();
    }

    @Override
    public Duration lifetime() {
        return leases.lifetime();
    }

    @Override
    public void renew() {
        leases.renew(this, taker);
    }

    LeaseLostException lost(@Nullable LeaseHolder instead) {
        return new LeaseLostException(
                vault,
                taker.snapshot(),
                taker.execution(),
                instead == null ? "it was given back" : "it was not renewed in time, and now " + instead.describe());
    }

    /** A run that is stopped has its thread interrupted, with which no file could be locked. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            leases.giveBack(vault, taker);
        } catch (RuntimeException notGivenBack) {
            return; // it ends by itself
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
