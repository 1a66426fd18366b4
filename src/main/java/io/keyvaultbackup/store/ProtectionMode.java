package io.keyvaultbackup.store;

/** Who can end a retention before its time. */
public enum ProtectionMode {
    /** Whoever may set policies; what makes backups and what removes them may not. */
    UNLOCKED,
    /** Nobody, the owner of the subscription included. It can only be extended. */
    LOCKED
}
