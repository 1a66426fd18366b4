/** Whatever fails, the run ends honestly and a relaunch finishes it. */
@NullMarked
package io.keyvaultbackup.reliability;

import org.jspecify.annotations.NullMarked;
