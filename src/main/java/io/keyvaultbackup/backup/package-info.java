/**
 * The backup job. Data flows one way: {@code inventory} lists the vault and plans each object in the ledger; {@code backup} takes
 * what is PENDING, makes the backup call within the budget, uploads the bytes and records the outcome; {@code seal} settles what
 * certificates cover and writes the manifest, last. A failure of one object is an outcome, never an exception that stops the others.
 */
@NullMarked
package io.keyvaultbackup.backup;

import org.jspecify.annotations.NullMarked;
