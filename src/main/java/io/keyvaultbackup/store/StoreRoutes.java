package io.keyvaultbackup.store;

import java.util.Map;

/** Which vaults have a store of their own. */
public interface StoreRoutes {

    /** Their stores, by the vaults' parts of the stores' names; what is of any other vault, and of none, is in the general store. */
    Map<String, StoreProperties> own();
}
