package io.keyvaultbackup.vault;

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
}
