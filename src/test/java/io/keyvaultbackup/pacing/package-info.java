/** Pacing, on a clock that tests turn by hand. */
@NullMarked
package io.keyvaultbackup.pacing;

import org.jspecify.annotations.NullMarked;
