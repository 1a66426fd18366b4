package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the listing of one kind ended.
 *
 * @param objects listed, until it ended or failed
 * @param failure why it is not complete, or null if it is
 */
public record Listing(
        ObjectKind kind, long objects, @Nullable Failure failure) {

    /** What is to be told of it, if it failed. */
    public Optional<Incident> incident() {
        return Optional.ofNullable(failure).map(why -> new Incident("listing of " + kind.collection(), why));
    }
}
