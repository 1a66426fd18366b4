package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signatures, as the real SDK asks for them. */
class SigningTest {

    private static final byte[] TEXT = "what is signed".getBytes(StandardCharsets.UTF_8);

    private KeyVaultEmulator emulator;
    private EmulatedVault vault;

    @BeforeEach
    void start() {
        emulator = KeyVaultEmulator.start();
        vault = emulator.vault("signing");
    }

    @AfterEach
    void stop() {
        emulator.close();
    }

    private CryptographyClient client(String keyId) {
        return new CryptographyClientBuilder()
                .keyIdentifier(keyId)
                .credential(new ManagedIdentityCredentialBuilder().build())
                .httpClient(Clients.transport(emulator))
                .disableChallengeResourceVerification()
                .disableKeyCaching()
                .buildClient();
    }

    @Test
    void aSignatureFitsThePublicKeyThatTheVaultShows() throws Exception {
        // given
        vault.key("signer").type(KeyType.EC);
        KeyVaultKey key = Clients.of(emulator, vault).keys().getKey("signer");

        // when
        byte[] signature =
                client(key.getId()).signData(SignatureAlgorithm.ES256, TEXT).getSignature();

        // then
        assertThat(key.getKey().toEc().getPublic()).isEqualTo(vault.publicKey("signer"));
        Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
        check.initVerify(key.getKey().toEc().getPublic());
        check.update(TEXT);
        assertThat(check.verify(signature)).isTrue();
        assertThat(vault.requests().count(Operation.SIGN, 200)).isEqualTo(1);
    }

    @Test
    void eachVersionIsAKeyOfItsOwn() {
        vault.key("signer").type(KeyType.EC);
        var first = vault.publicKey("signer");

        vault.rotate("key", "signer");

        assertThat(vault.publicKey("signer")).isNotEqualTo(first);
    }

    @Test
    void whatCannotSignSoIsRefused() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(TEXT);
        vault.key("rsa");
        vault.key("off").type(KeyType.EC).disabled();
        String off = vault.uri() + "/keys/off/"
                + vault.object("key", "off").orElseThrow().versions().getLast();
        String rsa = vault.uri() + "/keys/rsa/"
                + vault.object("key", "rsa").orElseThrow().versions().getLast();

        assertThatThrownBy(() -> client(rsa).sign(SignatureAlgorithm.ES256, digest))
                .isInstanceOfSatisfying(
                        HttpResponseException.class,
                        refused -> assertThat(refused.getResponse().getStatusCode())
                                .isEqualTo(400));
        assertThatThrownBy(() -> client(off).sign(SignatureAlgorithm.ES256, digest))
                .isInstanceOfSatisfying(
                        HttpResponseException.class,
                        refused -> assertThat(refused.getResponse().getStatusCode())
                                .isEqualTo(403));
        assertThatThrownBy(() -> client(vault.uri() + "/keys/none/0123456789abcdef0123456789abcdef")
                        .sign(SignatureAlgorithm.ES256, digest))
                .isInstanceOfSatisfying(
                        HttpResponseException.class,
                        refused -> assertThat(refused.getResponse().getStatusCode())
                                .isEqualTo(404));
    }
}
