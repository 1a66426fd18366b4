package io.keyvaultbackup.vault;

import org.jspecify.annotations.Nullable;

/**
 * One Key Vault, as far as a backup needs it. Each call is one request to the service, so that whoever paces the calls can charge
 * every one; nothing is tried again in here. No call reads a secret's value. Safe for use by many threads.
 */
public interface Vault {

    /**
     * One page of the objects of a kind.
     *
     * @param next from the page before, or null for the first
     * @throws VaultException if the service does not answer with a page
     */
    Page<VaultObject> list(ObjectKind kind, @Nullable String next);

    /**
     * One page of the versions of an object: metadata only.
     *
     * @param next from the page before, or null for the first
     * @throws VaultException if the service does not answer with a page
     */
    Page<ObjectVersion> versions(ObjectId id, @Nullable String next);

    /**
     * The protected bytes of an object, all its versions, exactly as the service made them.
     *
     * @param timeouts how many times as long as any other answer this may take, at least 1: the service is slow with many versions
     * @param memory where the bytes of the answer are reserved before they are read; the result holds the reservation until closed
     * @throws VaultException if the service does not answer with a backup
     */
    ProtectedBytes backup(ObjectId id, int timeouts, MemoryBudget memory);
}
