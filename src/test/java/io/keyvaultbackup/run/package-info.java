/** Runs as values. */
@NullMarked
package io.keyvaultbackup.run;

import org.jspecify.annotations.NullMarked;
