package io.keyvaultbackup.store;

import org.jspecify.annotations.Nullable;

/** Somebody else has the lease of a vault. The message is a sentence for people, which says who, and until when. */
public final class LeaseHeldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param holder null if the one who has it did not come to write down who it is */
    public LeaseHeldException(String vault, @Nullable LeaseHolder holder) {
        super(vault + " is being backed up, or restored into, by "
                + (holder == null ? "somebody who has only just begun, or is about to end" : holder.describe()));
    }
}
