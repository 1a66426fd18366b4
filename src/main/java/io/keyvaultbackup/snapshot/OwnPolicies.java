package io.keyvaultbackup.snapshot;

import java.util.Map;

/** Which vaults have a retention policy of their own. */
public interface OwnPolicies {

    /**
     * Their policies, by the vaults' folders in the store; each stands in place of the whole general one, but for what the command line says. Their zone
     * is not told: it is the general one's.
     *
     * @throws IllegalArgumentException if something is wrong with what the command line says
     */
    Map<String, KeepPolicy> byVault();
}
