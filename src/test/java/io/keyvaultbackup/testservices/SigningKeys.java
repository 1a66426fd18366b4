package io.keyvaultbackup.testservices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * A new pair of keys to sign manifests with, in PEM files as OpenSSL writes them.
 *
 * @param secret what must never be seen: the private key, as its file has it
 */
public record SigningKeys(Path privateFile, Path publicFile, PublicKey publicKey, String secret) {

    public static SigningKeys in(Path directory) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            Base64.Encoder encoder = Base64.getEncoder();
            String secret = encoder.encodeToString(keys.getPrivate().getEncoded());
            String open = encoder.encodeToString(keys.getPublic().getEncoded());
            return new SigningKeys(
                    pem(directory.resolve("key.pem"), "PRIVATE KEY", secret),
                    pem(directory.resolve("public.pem"), "PUBLIC KEY", open),
                    keys.getPublic(),
                    secret);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Path pem(Path file, String label, String text) {
        try {
            return Files.writeString(
                    file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
