/** The real SDK against emulated vaults: what is asked, what comes back, and how each failure reads. */
@NullMarked
package io.keyvaultbackup.vault.azure;

import org.jspecify.annotations.NullMarked;
