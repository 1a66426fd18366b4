package io.keyvaultbackup.vault;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be seen of a vault apart from its objects. Safe for use by many threads. */
public interface VaultDoor {

    /**
     * Calls without a token, as every first call does, and hears what the vault asks for: whoever gets this far has resolved its name
     * and trusts its certificate.
     *
     * @throws VaultException if nobody answered, or not as a vault does
     */
    Greeting greet();

    /**
     * How the vault treats what is deleted, in the service's word ({@code Recoverable+Purgeable}), as the first object of a listing
     * tells; empty if there is none.
     *
     * @throws VaultException if the listing failed
     */
    Optional<String> recoveryLevel(ObjectKind kind);

    /**
     * @param tenant whose identities the vault takes, if it said so
     * @param date the service's clock, if it told it
     */
    record Greeting(@Nullable String tenant, @Nullable Instant date) {}
}
