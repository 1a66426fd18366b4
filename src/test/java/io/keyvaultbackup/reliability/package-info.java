/**
 * Proof that whatever fails, a run ends honestly and a relaunch finishes it: random schedules of faults, and the check that manifest,
 * ledger, store and vault agree afterwards, with the test of that check.
 */
@NullMarked
package io.keyvaultbackup.reliability;

import org.jspecify.annotations.NullMarked;
