package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.ProtectionLook;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;

/** Reads what the fleet's pages need of the store. Takes as long as the store takes: never to be asked in a request. */
final class StoreReader {

    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<ProtectionLook> looks;
    private final Catalogue catalogue;

    StoreReader(ObjectProvider<BackupStore> stores, ObjectProvider<ProtectionLook> looks, Catalogue catalogue) {
        this.stores = stores;
        this.looks = looks;
        this.catalogue = catalogue;
    }

    /** @param wanted of which the snapshots are looked for, as the job database does not tell; null for all that the store has */
    Reading<StoreState> read(Collection<VaultAddress> wanted, boolean all) {
        return StoreReads.read(stores, store -> state(store, wanted, all));
    }

    private StoreState state(BackupStore store, Collection<VaultAddress> wanted, boolean all) {
        Set<String> folders = new TreeSet<>(catalogue.vaults());
        Set<String> read = new TreeSet<>(all ? folders : Set.of());
        wanted.stream().map(VaultAddress::storeName).filter(folders::contains).forEach(read::add);
        Map<String, String> failed = new HashMap<>();
        Map<String, SnapshotId> complete = new HashMap<>();
        if (!read.isEmpty()) {
            for (StoredSnapshot snapshot : catalogue.snapshots(
                    read, (vault, why) -> failed.put(vault, why.failure().describe()))) {
                if (Boolean.TRUE.equals(snapshot.manifest().complete())) {
                    complete.putIfAbsent(snapshot.vault(), snapshot.id());
                }
            }
        }
        return new StoreState(store.location(), folders, complete, failed);
    }

    /** How the copies of these vaults are protected, as far as looking tells. */
    Reading<Map<VaultAddress, SeenProtection>> protection(Collection<VaultAddress> vaults) {
        ProtectionLook look = looks.getIfAvailable();
        if (look == null) {
            return Reading.missing(
                    "No store is configured.", "Give keyvault-backup.store.directory or .container-url.");
        }
        Function<String, SeenProtection> places = look.look();
        Map<VaultAddress, SeenProtection> seen = new HashMap<>();
        vaults.forEach(vault -> seen.put(vault, places.apply(vault.storeName())));
        return Reading.known(seen);
    }
}
