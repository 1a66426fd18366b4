package io.keyvaultbackup.store;

/** Keeps a vault to one execution at a time, also for processes that share nothing but the store. Safe for use by many threads. */
public interface Leases {

    /**
     * Takes the vault's lease, also from one who did not renew it in time, or is not there any more.
     *
     * @param vault its part of the store's names, as {@code team-a.vault.azure.net} or {@code localhost_8443}
     * @param owner who asks, for people: host name, process id
     * @param leastExecution the execution number is at least this, and above every number that was ever given out for this snapshot
     * @throws LeaseHeldException if somebody else has it now
     * @throws StoreException if the store could not tell
     */
    Lease acquire(String vault, String snapshot, String owner, int leastExecution);

    /**
     * What is written down of a vault's lease: who has it, or had it and did not give it back, and for which snapshots numbers were given out. Takes
     * nothing, and keeps nobody waiting. Leases of which nothing is written down tell nothing.
     *
     * @throws StoreException if the store could not tell
     */
    default LeaseNote note(String vault) {
        return LeaseNote.NEW;
    }
}
