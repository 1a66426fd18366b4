/**
 * The tables beside Spring Batch's own that hold each run's outcomes, object by object: the plan of a run and its memory. The only
 * place with SQL. Reads are paged, so that memory does not grow with a vault.
 */
@NullMarked
package io.keyvaultbackup.ledger;

import org.jspecify.annotations.NullMarked;
