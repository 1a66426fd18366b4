package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object as the inventory plans it.
 *
 * @param outcome PENDING, or what is already known
 * @param readAt the service's time when its change token was read
 */
public record PlannedObject(
        VaultObject object, Outcome outcome, @Nullable Instant readAt) {}
