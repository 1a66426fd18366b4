/**
 * Which process works on which vault. The vaults of a night are handed out one by one, the largest first by what its last run took, to the
 * threads of this process ({@code run.OwnShare}, beside its port, as it asks nobody), or, where several processes share a job database and a scheduled time, by claims in that database
 * ({@code SharedShare}): {@code claim} (FOR UPDATE SKIP LOCKED) → the vault's run → {@code ended}. Claims are renewed while the process lives; those of
 * one that died end by themselves, half a lease later than its leases in the store, and are handed to another. A process waits until all vaults are
 * ended by whomever, and answers for those that it ended itself. No leader, no broker. The runs themselves are launched by the command line.
 *
 * <p>Which vaults there are, and what is said of each alone. {@link io.keyvaultbackup.run.Fleet} is how verbs and jobs ask: the vaults that the
 * configuration names ({@code keyvault-backup.vaults}, {@code keyvault-backup.fleet.vaults}) and those that a {@link
 * io.keyvaultbackup.fleet.VaultDirectory} finds become addresses, each once however it is spelt; what was found is kept in the store, for a night
 * when it can not be found. What a run does differently at one of them becomes {@link io.keyvaultbackup.run.VaultTerms}, which the backup reads when it is that vault's turn; where its copies are and which are kept, {@code ListedTerms} tells the ports of store and snapshot. No vault
 * is opened here.
 */
@NullMarked
package io.keyvaultbackup.fleet;

import org.jspecify.annotations.NullMarked;
