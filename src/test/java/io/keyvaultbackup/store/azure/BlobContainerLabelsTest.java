package io.keyvaultbackup.store.azure;

import io.keyvaultbackup.snapshot.SnapshotLabelsContract;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.testservices.Azurite;

/** In the real Azurite. */
class BlobContainerLabelsTest extends SnapshotLabelsContract {

    @Override
    protected BackupStore store() {
        return store(Azurite.shared().newContainer().name());
    }

    @Override
    protected BackupStore storeThatIsGone() {
        return store("never-made");
    }

    private static BackupStore store(String container) {
        return new BlobContainerStore(BlobContainers.client(
                new ContainerAccess.ConnectionString(Azurite.shared().connectionString(), container),
                Azurite.shared().httpClient(),
                BlobContainers.DEFAULT_TRY_TIMEOUT));
    }
}
