/** The completion-order stage, alone. */
@NullMarked
package io.keyvaultbackup.pipeline;

import org.jspecify.annotations.NullMarked;
