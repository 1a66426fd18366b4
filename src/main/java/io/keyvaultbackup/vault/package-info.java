/**
 * What a vault is to this project: objects, change tokens, versions, the port {@link io.keyvaultbackup.vault.Vault}, and the typed
 * reasons of what can go wrong there. No SDK type is seen here.
 */
@NullMarked
package io.keyvaultbackup.vault;

import org.jspecify.annotations.NullMarked;
