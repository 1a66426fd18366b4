package io.keyvaultbackup.testservices;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzuriteTest {

    @Test
    void givesBackWhatWasUploaded() {
        BlobContainerClient container =
                Azurite.shared().client(Azurite.shared().newContainer().name());

        container.getBlobClient("a/b").upload(BinaryData.fromString("bytes"));

        assertThat(container.getBlobClient("a/b").downloadContent().toString()).isEqualTo("bytes");
    }

    @Test
    void isOneProcessForAllWithAContainerForEach() {
        assertThat(Azurite.shared()).isSameAs(Azurite.shared());
        assertThat(Azurite.shared().newContainer())
                .isNotEqualTo(Azurite.shared().newContainer());
    }

    @Test
    void speaksHttps(@TempDir Path directory) {
        LocalhostCertificate certificate = LocalhostCertificate.createIn(directory);

        try (Azurite azurite = Azurite.startHttps(certificate.certificate(), certificate.key())) {
            Azurite.Container container = azurite.newContainer();

            assertThat(container.url()).hasScheme("https").hasHost("localhost");
            assertThat(azurite.client(container.name()).exists()).isTrue();
        }
    }
}
