package io.keyvaultbackup.vault;

/**
 * A vault whose objects are restored for a trial and removed again; apart from {@link RestoreTarget}, so that what restores cannot delete.
 * Each call is one request to the service; nothing is tried again in here. Safe for use by many threads.
 */
public interface ScratchVault {

    /**
     * Deletes an object, a certificate with its key and its secret. It goes on being deleted for some seconds after the answer. Whether it
     * is deleted is not known where the answer is lost: a failure for which {@link Failure#mayHaveHappened()} holds.
     *
     * @throws VaultException if the service does not answer that it is being deleted
     */
    void delete(ObjectId id);

    /**
     * Removes for good what was deleted, a certificate with its key and its secret; its name stays refused for some seconds after the
     * answer. Whether it is gone is not known where the answer is lost. No vault with purge protection does this: its objects'
     * recovery level tells beforehand, the refusal need not.
     *
     * @throws VaultException if the service does not answer that it is purged
     */
    void purge(ObjectId deleted);
}
