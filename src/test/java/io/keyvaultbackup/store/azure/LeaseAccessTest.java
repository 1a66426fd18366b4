package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class LeaseAccessTest {

    private static final URI BACKUPS = URI.create("https://myaccount.blob.core.windows.net/backups");

    @ParameterizedTest
    @CsvSource({
        "https://myaccount.blob.core.windows.net/backups, https://myaccount.blob.core.windows.net/backups-leases",
        "https://myaccount.blob.core.windows.net/backups/, https://myaccount.blob.core.windows.net/backups-leases",
        "https://localhost:10000/devstoreaccount1/backups, https://localhost:10000/devstoreaccount1/backups-leases",
        "https://account.example.com:10000/backups, https://account.example.com:10000/backups-leases"
    })
    void isBesideTheContainerOfTheBackups(URI backups, URI leases) {
        var identity = new ContainerAccess.Identity(backups, request -> Mono.empty());

        assertThat(LeaseAccess.of(identity, properties(backups, null, null, null)))
                .isEqualTo(new ContainerAccess.Identity(leases, identity.credential()));
    }

    @Test
    void hasATokenOfItsOwnWhereOneIsGiven() {
        var backups = new ContainerAccess.SasToken(BACKUPS, "sig=backups");
        URI leases = URI.create(BACKUPS + "-leases");

        assertThat(LeaseAccess.of(backups, properties(BACKUPS, "sig=backups", null, "sig=leases")))
                .isEqualTo(new ContainerAccess.SasToken(leases, "sig=leases"));
        assertThat(LeaseAccess.of(backups, properties(BACKUPS, "sig=backups", null, null)))
                .isEqualTo(new ContainerAccess.SasToken(leases, "sig=backups"));
    }

    @Test
    void isWhereItIsAskedFor() {
        var backups = new ContainerAccess.ConnectionString("AccountName=a", "backups");

        assertThat(LeaseAccess.of(backups, properties(BACKUPS, null, "elsewhere", null)))
                .isEqualTo(new ContainerAccess.ConnectionString("AccountName=a", "elsewhere"));
    }

    private static StoreProperties properties(
            URI containerUrl,
            @Nullable String sasToken,
            @Nullable String leaseContainer,
            @Nullable String leaseSasToken) {
        return new StoreProperties(
                null, containerUrl, sasToken, null, null, Duration.ofSeconds(60), leaseContainer, leaseSasToken);
    }
}
