package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.ObjectId;

/** An object that waits for its backup call. */
public record PendingObject(ObjectId id, ChangeToken token) {}
