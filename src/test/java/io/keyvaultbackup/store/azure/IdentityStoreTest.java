package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BackupStoreContract;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import io.keyvaultbackup.vault.FailureReason;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** As an identity of Entra ID, over HTTPS. */
class IdentityStoreTest extends BackupStoreContract {

    private static final int PAGE_SIZE = 20;
    private static final String STORAGE = "https://storage.azure.com";
    private static final String TOKEN = token(STORAGE);

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static Azurite azurite;

    @BeforeAll
    static void start(@TempDir Path directory) {
        LocalhostCertificate certificate = LocalhostCertificate.createIn(directory);
        azurite = Azurite.startHttps(certificate.certificate(), certificate.key());
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Override
    protected BackupStore store() {
        return store(request -> Mono.just(valid(TOKEN)));
    }

    /** Three pages, of the size that these tests ask for. */
    @Override
    protected int moreThanOnePage() {
        return 2 * PAGE_SIZE + 10;
    }

    @Override
    protected List<String> secrets() {
        return List.of(TOKEN);
    }

    @Test
    void saysThatTheServiceDidNotTakeTheToken() {
        BackupStore store = store(request -> Mono.just(valid(token("https://vault.azure.net"))));

        assertFails(FailureReason.STORE_NOT_AUTHORISED, () -> store.find("a"));
    }

    @Test
    void saysThatNoTokenWasToBeHad() {
        BackupStore store = store(
                request -> Mono.error(new ClientAuthenticationException("no managed identity is here\nat all", null)));

        assertThat(assertFails(FailureReason.NOT_AUTHENTICATED, () -> store.find("a"))
                        .failure()
                        .message())
                .isEqualTo("no managed identity is here");
    }

    @Test
    void sendsNoTokenWithoutEncryption() {
        ContainerAccess plain = new ContainerAccess.Identity(
                URI.create("http://127.0.0.1:10000/devstoreaccount1/backups"), request -> Mono.just(valid(TOKEN)));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> BlobContainers.client(plain, azurite.httpClient(), BlobContainers.DEFAULT_TRY_TIMEOUT));
    }

    private static BackupStore store(TokenCredential credential) {
        return new BlobContainerStore(
                BlobContainers.client(
                        new ContainerAccess.Identity(azurite.newContainer().url(), credential),
                        azurite.httpClient(),
                        BlobContainers.DEFAULT_TRY_TIMEOUT),
                PAGE_SIZE);
    }

    private static AccessToken valid(String token) {
        return new AccessToken(token, Instant.now().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
    }

    /** What Entra ID would issue; Azurite looks at issuer, audience and times. */
    private static String token(String audience) {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer("https://sts.windows.net/11111111-2222-3333-4444-555555555555/")
                        .audience(audience)
                        .issueTime(Date.from(now.minusSeconds(60)))
                        .notBeforeTime(Date.from(now.minusSeconds(60)))
                        .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
                        .claim("ver", "1.0")
                        .build());
        try {
            token.sign(new MACSigner(new byte[32]));
        } catch (JOSEException failed) {
            throw new IllegalStateException("cannot sign a token", failed);
        }
        return token.serialize();
    }
}
