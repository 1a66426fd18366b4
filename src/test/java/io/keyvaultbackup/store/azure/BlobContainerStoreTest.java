package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobProperties;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BackupStoreContract;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.testservices.Azurite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With a connection string. */
class BlobContainerStoreTest extends BackupStoreContract {

    private static final int PAGE_SIZE = 20;

    @Override
    protected BackupStore store() {
        return new BlobContainerStore(client(Azurite.shared().newContainer()), PAGE_SIZE);
    }

    /** Three pages, of the size that these tests ask for. */
    @Override
    protected int moreThanOnePage() {
        return 2 * PAGE_SIZE + 10;
    }

    @Override
    protected List<String> secrets() {
        return List.of(Azurite.ACCOUNT_KEY, "AccountKey");
    }

    @Test
    void isWhereTheContainerIs() {
        Azurite.Container container = Azurite.shared().newContainer();

        assertThat(new BlobContainerStore(client(container)).location())
                .isEqualTo(container.url().toString());
    }

    @Test
    void writesBytesWithoutAContentTypeOfTheirOwn() {
        Azurite.Container container = Azurite.shared().newContainer();

        new BlobContainerStore(client(container)).put("typed", BlobContent.of(text("{}")), Map.of());

        BlobProperties properties =
                Azurite.shared().client(container.name()).getBlobClient("typed").getProperties();
        assertThat(properties.getContentType()).isEqualTo("application/octet-stream");
        assertThat(properties.getCommittedBlockCount()).isNull();
    }

    @Test
    void tellsNoSecretOfItsAccess() {
        ContainerAccess access =
                new ContainerAccess.ConnectionString(Azurite.shared().connectionString(), "backups");

        assertThat(access.toString()).contains("backups").doesNotContain(Azurite.ACCOUNT_KEY);
    }

    private static BlobContainerClient client(Azurite.Container container) {
        return BlobContainers.client(
                new ContainerAccess.ConnectionString(container.connectionString(), container.name()),
                Azurite.shared().httpClient(),
                BlobContainers.DEFAULT_TRY_TIMEOUT);
    }
}
