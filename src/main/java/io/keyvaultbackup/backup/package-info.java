/**
 * The backup job. Data flows one way: {@code inventory} lists the vault and plans each object in the ledger; {@code reuse} gives what is as it was
 * the copy that an earlier snapshot has; {@code backup} takes
 * what is PENDING, makes the backup call within the budget, uploads the bytes and records the outcome; {@code closing} lists the vault again and
 * {@code settle} plans anew what is not in the state of its copy, back to {@code backup}, in a few rounds; {@code seal} looks whether the store
 * holds every copy that was recorded, lets keys and secrets follow their certificates, and writes the manifest, last. A failure of one
 * object is an outcome, never an exception that stops the others.
 *
 * <p>These steps follow one another in a small vault. A large one is backed up while it is listed, unless there may be copies to take over, and listed again
 * while it is backed up, a page once what it will tell of is recorded; that needs the same calls, and does not leave the budget unused while the pages of a
 * collection come one after the other. What became of an object the steps know
 * of each other by the ledger alone; how far each is, they tell one another.
 *
 * <p>An execution holds the vault's lease from before it looks at the ledger until after it has recorded its end, and has the lease's
 * number in every name that it writes. Whoever gets the lease knows that nobody else is at work: an execution that is recorded as
 * running is recovered, and what earlier ones stored without a record is adopted. A stop ends the step at work as STOPPED, after what
 * was under way is recorded; the next launch goes on from the ledger. A deadline ends the steps at work as if there were no more to do, so
 * that what is done is sealed, as incomplete.
 *
 * <p>Where the ledger does not know a run, or less of it than the store, it is rebuilt from the newest manifest; copies that no manifest
 * names are adopted one by one, before their object would be called.
 */
@NullMarked
package io.keyvaultbackup.backup;

import org.jspecify.annotations.NullMarked;
