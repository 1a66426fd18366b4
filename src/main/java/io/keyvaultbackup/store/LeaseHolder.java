package io.keyvaultbackup.store;

import java.time.Instant;
import java.util.Objects;

/**
 * Who has a lease.
 *
 * @param owner who that is, for people
 * @param until when the lease ends unless it is renewed
 * @param token tells this holder from every other, also from one of the same name
 */
public record LeaseHolder(String owner, String snapshot, int execution, Instant until, String token) {

    /** It is read back from what others may have damaged. */
    public LeaseHolder {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(snapshot);
        Objects.requireNonNull(until);
        Objects.requireNonNull(token);
    }

    /** The same holder, whose lease ends later. */
    public LeaseHolder until(Instant later) {
        return new LeaseHolder(owner, snapshot, execution, later, token);
    }

    /** In part of a sentence: {@code HOST (process 123), run 20261124T030000Z-4f2a9c, execution 2, lease until …}. */
    public String describe() {
        return owner + ", run " + snapshot + ", execution " + execution + ", lease until " + until;
    }
}
