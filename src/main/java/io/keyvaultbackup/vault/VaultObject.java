package io.keyvaultbackup.vault;

/**
 * An object as a listing shows it.
 *
 * @param managed whether a certificate of the same name owns it, so that the service refuses to back it up by itself
 */
public record VaultObject(ObjectId id, ChangeToken token, boolean managed) {}
