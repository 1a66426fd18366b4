/** The command line. */
@NullMarked
package io.keyvaultbackup.cli;

import org.jspecify.annotations.NullMarked;
