/**
 * How fast the job may call a vault: the budget (what the job may spend in 10 s), the pacer that spends it, and the patience that
 * tries again after a failure that may pass. Time is injected; nothing here knows what a request does.
 */
@NullMarked
package io.keyvaultbackup.pacing;

import org.jspecify.annotations.NullMarked;
