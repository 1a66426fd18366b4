package io.keyvaultbackup.store;

/** Leases in the store that the vault's copies are in. Safe for use by many threads. */
record RoutedLeases(Routes<Leases> routes) implements Leases {

    @Override
    public Lease acquire(String vault, String snapshot, String owner, int leastExecution) {
        return routes.ofVault(vault).acquire(vault, snapshot, owner, leastExecution);
    }

    @Override
    public LeaseNote note(String vault) {
        return routes.ofVault(vault).note(vault);
    }
}
