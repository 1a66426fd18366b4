package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger, whole.
 *
 * @param execution the execution that last changed it
 */
public record LedgerObject(VaultObject object, @Nullable Instant readAt, int execution, ObjectResult result) {}
