package io.keyvaultbackup.store;

/** A lease is its owner's no more: others may back up the vault now. The message is a sentence for people. */
public final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param why the rest of the sentence */
    public LeaseLostException(String vault, String snapshot, int execution, String why) {
        super("the lease of " + vault + " for run " + snapshot + ", execution " + execution + ", is lost: " + why);
    }
}
