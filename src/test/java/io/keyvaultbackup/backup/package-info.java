/** The backup job as its users run it: through the command line, against the emulator. */
@NullMarked
package io.keyvaultbackup.backup;

import org.jspecify.annotations.NullMarked;
