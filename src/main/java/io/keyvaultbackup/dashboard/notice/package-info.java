/** Tells people whose newest good copy has become too old, which nobody could whose runs do not start: only what lives sees time pass. */
@NullMarked
package io.keyvaultbackup.dashboard.notice;

import org.jspecify.annotations.NullMarked;
