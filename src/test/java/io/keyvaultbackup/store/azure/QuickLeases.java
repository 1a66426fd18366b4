package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpClient;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import java.time.Duration;
import java.time.InstantSource;

/** The program's own leases of Blob Storage, for runs that are over in a second: tries follow each other at once, and renewals are called for each second. */
public final class QuickLeases implements Leases {

    private static final Duration SHORTEST = Duration.ofSeconds(15);
    private static final Duration LONGEST_TRY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);
    private static final Duration AS_IF = Duration.ofSeconds(3);

    private final Leases leases;

    public QuickLeases(ContainerAccess access, HttpClient httpClient, InstantSource clock) {
        this.leases = new BlobLeases(
                BlobContainers.leaseClient(access, httpClient, LONGEST_TRY, BETWEEN_TRIES, BETWEEN_TRIES),
                SHORTEST,
                clock);
    }

    @Override
    public Lease acquire(String vault, String snapshot, String owner, int leastExecution) {
        return new OftenRenewed(leases.acquire(vault, snapshot, owner, leastExecution));
    }

    @Override
    public LeaseNote note(String vault) {
        return leases.note(vault);
    }

    private record OftenRenewed(Lease lease) implements Lease {

        @Override
        public int execution() {
            return lease.execution();
        }

        @Override
        public Duration lifetime() {
            return AS_IF;
        }

        @Override
        public void renew() {
            lease.renew();
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
