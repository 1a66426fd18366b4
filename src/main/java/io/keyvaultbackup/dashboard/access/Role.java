package io.keyvaultbackup.dashboard.access;

/** What somebody may do at the vaults of a grant. */
public enum Role {
    /** Look on. */
    VIEWER,
    /** Look on, and ask for what others then do. */
    OPERATOR
}
