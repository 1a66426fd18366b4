package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * How the listing of one kind ended.
 *
 * @param objects listed, until it ended or failed
 * @param failure why it is not complete, or null if it is
 */
public record Listing(
        ObjectKind kind, long objects, @Nullable Failure failure) {}
