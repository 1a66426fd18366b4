package io.keyvaultbackup.vault;

import java.net.URI;

/** Opens vaults by their address. */
public interface Vaults {

    /** The vault at this address. Nothing is called yet. */
    Vault open(URI uri);

    /** The same vault, to restore into. Nothing is called yet. */
    RestoreTarget restoreTarget(URI uri);

    /** The same vault, to remove what was restored into it for a trial. Nothing is called yet. */
    ScratchVault scratch(URI uri);

    /** The door of the vault at this address. Nothing is called yet. */
    VaultDoor door(URI uri);
}
