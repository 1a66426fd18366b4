package io.keyvaultbackup.vault;

import org.jspecify.annotations.Nullable;

/**
 * One Key Vault, as far as a restore needs it; apart from {@link Vault}, so that what backs up cannot restore. Each call is one request to the
 * service; nothing is tried again in here. Safe for use by many threads.
 */
public interface RestoreTarget {

    /**
     * Makes the object of a backup, with all its versions and under the name that it had. Whether it did is not known where the answer is
     * lost: a failure for which {@link Failure#mayHaveHappened()} holds.
     *
     * @param backup exactly as the service made it
     * @return what was made
     * @throws VaultException if the service does not answer with an object
     */
    ObjectId restore(ObjectKind kind, byte[] backup);

    /**
     * One page of the objects of a kind that were deleted and are kept. Those of a certificate's key and secret are among them.
     *
     * @param next from the page before, or null for the first
     * @throws VaultException if the service does not answer with a page
     */
    Page<DeletedObject> deleted(ObjectKind kind, @Nullable String next);

    /**
     * Brings a deleted object back, with all its versions; a certificate with its key and its secret. It is there some seconds after the
     * answer. Whether it comes is not known where the answer is lost: a failure for which {@link Failure#mayHaveHappened()} holds.
     *
     * @throws VaultException if the service does not answer that it is being recovered
     */
    void recover(ObjectId deleted);
}
