package io.keyvaultbackup.store.azure;

import io.keyvaultbackup.snapshot.RunNotesContract;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.testservices.Azurite;

class BlobContainerRunNotesTest extends RunNotesContract {

    @Override
    protected BackupStore store() {
        return new BlobContainerStore(BlobContainers.client(
                new ContainerAccess.ConnectionString(
                        Azurite.shared().connectionString(),
                        Azurite.shared().newContainer().name()),
                Azurite.shared().httpClient(),
                BlobContainers.DEFAULT_TRY_TIMEOUT));
    }
}
