package io.keyvaultbackup.signature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys of the curve P-256 from PEM files, as OpenSSL writes them. Stateless. */
final class PemKeys {

    private static final int BITS = 256;
    private static final int LARGEST_FILE = 64 * 1024;

    private PemKeys() {}

    /** @throws IllegalArgumentException that never tells what is in the file */
    static ECPrivateKey privateKey(Path file) {
        byte[] encoded = block(file, "PRIVATE KEY", "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        try {
            return p256(file, (ECPrivateKey)
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | ClassCastException other) {
            throw notOurs(file);
        }
    }

    /** @throws IllegalArgumentException with a sentence for people */
    static ECPublicKey publicKey(Path file) {
        byte[] encoded = block(file, "PUBLIC KEY", "openssl pkey -in KEY -pubout");
        try {
            return p256(
                    file, (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | ClassCastException other) {
            throw notOurs(file);
        }
    }

    private static <K extends ECKey> K p256(Path file, K key) {
        if (key.getParams().getCurve().getField().getFieldSize() != BITS) {
            throw notOurs(file);
        }
        return key;
    }

    private static IllegalArgumentException notOurs(Path file) {
        return new IllegalArgumentException(file + " holds no key of the curve P-256");
    }

    private static byte[] block(Path file, String label, String command) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException(file + " is too large to be a key");
            }
            Matcher block = Pattern.compile(
                            "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
                    .matcher(Files.readString(file));
            if (!block.find()) {
                throw new IllegalArgumentException(
                        file + " has no block BEGIN " + label + "; '" + command + "' makes one");
            }
            return Base64.getMimeDecoder().decode(block.group(1));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " can not be read: " + unreadable.getClass().getSimpleName(), unreadable);
        }
    }
}
