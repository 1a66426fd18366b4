/**
 * The tables beside Spring Batch's own that hold each run's outcomes, object by object: the plan of a run and its memory; and a row for each run and
 * each vault with their numbers, of which lists and pages are made. The only place with SQL. Reads are paged, so that memory does not grow with a vault.
 */
@NullMarked
package io.keyvaultbackup.ledger;

import org.jspecify.annotations.NullMarked;
