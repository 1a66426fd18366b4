/** The doctor, run through the command line against real parts. */
@NullMarked
package io.keyvaultbackup.doctor;

import org.jspecify.annotations.NullMarked;
