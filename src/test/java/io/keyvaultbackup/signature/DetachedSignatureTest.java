package io.keyvaultbackup.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetachedSignatureTest {

    private static final byte[] PAYLOAD = "{\"schemaVersion\":1,\"dots\":\"a.b\"}".getBytes(StandardCharsets.UTF_8);

    private final KeyPair keys = keys("secp256r1");

    @TempDir
    private Path directory;

    private static KeyPair keys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String signed() {
        DetachedSignature.Builder builder =
                new DetachedSignature.Builder(new FileSigner((ECPrivateKey) keys.getPrivate(), "backups.pem"));
        builder.digest().update(PAYLOAD);
        return builder.sign();
    }

    private static boolean isOf(String signature, byte[] payload, PublicKey key) {
        DetachedSignature read = DetachedSignature.parse(signature);
        MessageDigest digest = read.digest();
        digest.update(payload);
        return read.isOf(digest, key);
    }

    @Test
    void fitsTheBytesThatWereSignedAndTheKeyThatSigned() {
        String signature = signed();

        assertThat(isOf(signature, PAYLOAD, keys.getPublic())).isTrue();
        assertThat(DetachedSignature.parse(signature).keyId()).isEqualTo("backups.pem");
        assertThat(isOf(signature, PAYLOAD, keys("secp256r1").getPublic())).isFalse();
    }

    @Test
    void fitsNoBytesThatDifferInOneBit() {
        String signature = signed();
        for (int bit = 0; bit < PAYLOAD.length * 8; bit++) {
            byte[] other = PAYLOAD.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(isOf(signature, other, keys.getPublic()))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void aSignatureThatDiffersInOneCharacterFitsNothing() {
        String signature = signed();
        for (int at = 0; at < signature.length(); at++) {
            String other = signature.substring(0, at)
                    + (signature.charAt(at) == 'A' ? 'B' : 'A')
                    + signature.substring(at + 1);
            assertThat(isRefused(other)).as("character %d of %s", at, other).isTrue();
        }
    }

    private boolean isRefused(String signature) {
        try {
            return !isOf(signature, PAYLOAD, keys.getPublic());
        } catch (IllegalArgumentException none) {
            return true;
        }
    }

    @Test
    void anotherLibraryChecksIt() throws Exception {
        JWSObject other = JWSObject.parse(signed(), new Payload(PAYLOAD));

        assertThat(other.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic(), Set.of("b64"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b.c", "..", "e30..AAAA", "eyJhbGciOiJub25lIn0..", "eyJhbGciOiJFUzI1NiJ9..AAAA"})
    void whatIsNoneOfThemIsRefused(String text) {
        assertThatThrownBy(() -> DetachedSignature.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAreReadFromPemFilesAsOpenSslWritesThem() throws Exception {
        Path privateKey = write("key.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
        Path publicKey = write("public.pem", "PUBLIC KEY", keys.getPublic().getEncoded());

        DetachedSignature.Builder builder = new DetachedSignature.Builder(FileSigner.of(privateKey));
        builder.digest().update(PAYLOAD);

        assertThat(isOf(builder.sign(), PAYLOAD, PemKeys.publicKey(publicKey))).isTrue();
    }

    @Test
    void aFileWithoutSuchAKeyIsNamedAndNothingOfItIsTold() throws Exception {
        Path other =
                write("other.pem", "PRIVATE KEY", keys("secp384r1").getPrivate().getEncoded());
        Path text = Files.writeString(directory.resolve("text.pem"), "canary");

        assertThatThrownBy(() -> FileSigner.of(other)).hasMessage(other + " holds no key of the curve P-256");
        assertThatThrownBy(() -> FileSigner.of(text))
                .hasMessageContaining("has no block BEGIN PRIVATE KEY")
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> FileSigner.of(directory.resolve("none")))
                .hasMessageContaining("can not be read: NoSuchFileException");
    }

    private Path write(String name, String label, byte[] encoded) throws Exception {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + label + "-----\n");
    }
}
