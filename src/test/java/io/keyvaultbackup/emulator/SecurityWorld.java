package io.keyvaultbackup.emulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/**
 * The vaults between which backups can be carried: one subscription, one geography. The key depends on nothing else, so that a
 * backup made in one process opens in another.
 */
record SecurityWorld(SecretKeySpec key, String keyId) {

    static SecurityWorld of(String subscription, String geography) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("emulated security world|" + subscription + "|" + geography)
                            .getBytes(StandardCharsets.UTF_8));
            byte[] identity = MessageDigest.getInstance("SHA-256").digest(digest);
            return new SecurityWorld(
                    new SecretKeySpec(digest, "AES"), HexFormat.of().formatHex(identity, 0, 16));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
