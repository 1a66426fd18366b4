package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BackupStoreContract;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.vault.FailureReason;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With a SAS token for the container that may create, read and list, but neither overwrite nor delete. */
class SasTokenStoreTest extends BackupStoreContract {

    private static final int PAGE_SIZE = 20;
    private static final String EVERYTHING_NEEDED = "rcl";

    @Override
    protected BackupStore store() {
        Azurite.Container container = Azurite.shared().newContainer();
        return store(container, sasToken(container, EVERYTHING_NEEDED));
    }

    /** Three pages, of the size that these tests ask for. */
    @Override
    protected int moreThanOnePage() {
        return 2 * PAGE_SIZE + 10;
    }

    @Override
    protected List<String> secrets() {
        return List.of("sig=", "?");
    }

    @Test
    void takesATokenWithItsQuestionMark() {
        Azurite.Container container = Azurite.shared().newContainer();

        store(container, "?" + sasToken(container, EVERYTHING_NEEDED)).put("a", BlobContent.of(text("x")), Map.of());

        assertThat(names(store(container, sasToken(container, EVERYTHING_NEEDED)), ""))
                .containsExactly("a");
    }

    @Test
    void saysThatARightIsMissing() {
        Azurite.Container container = Azurite.shared().newContainer();
        BackupStore mayOnlyList = store(container, sasToken(container, "l"));

        assertFails(
                FailureReason.STORE_NOT_AUTHORISED, () -> mayOnlyList.put("a", BlobContent.of(text("x")), Map.of()));
    }

    @Test
    void tellsNoSecretOfItsAccess() {
        Azurite.Container container = Azurite.shared().newContainer();
        String token = sasToken(container, EVERYTHING_NEEDED);

        assertThat(new ContainerAccess.SasToken(container.url(), token).toString())
                .doesNotContain(token, "sig=");
    }

    private static BackupStore store(Azurite.Container container, String sasToken) {
        return new BlobContainerStore(
                BlobContainers.client(
                        new ContainerAccess.SasToken(container.url(), sasToken),
                        Azurite.shared().httpClient(),
                        BlobContainers.DEFAULT_TRY_TIMEOUT),
                PAGE_SIZE);
    }

    private static String sasToken(Azurite.Container container, String rights) {
        return Azurite.shared()
                .client(container.name())
                .generateSas(new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
    }
}
