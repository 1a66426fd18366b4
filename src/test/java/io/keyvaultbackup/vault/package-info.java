/** What every vault is, alone. */
@NullMarked
package io.keyvaultbackup.vault;

import org.jspecify.annotations.NullMarked;
