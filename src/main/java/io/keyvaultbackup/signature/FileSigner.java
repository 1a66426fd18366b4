package io.keyvaultbackup.signature;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;

/** Signs with the private key of a PEM file. */
final class FileSigner implements Signer {

    private final ECPrivateKey key;
    private final String keyId;

    /** @param keyId what readers shall know it by */
    FileSigner(ECPrivateKey key, String keyId) {
        this.key = key;
        this.keyId = keyId;
    }

    /** @throws IllegalArgumentException with a sentence for people */
    static FileSigner of(Path file) {
        return new FileSigner(PemKeys.privateKey(file), String.valueOf(file.getFileName()));
    }

    @Override
    public String keyId() {
        return keyId;
    }

    @Override
    public byte[] sign(byte[] sha256) {
        try {
            Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
            signature.initSign(key);
            signature.update(sha256);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the key was looked at when it was read", impossible);
        }
    }
}
