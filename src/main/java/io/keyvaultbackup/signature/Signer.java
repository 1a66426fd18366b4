package io.keyvaultbackup.signature;

/** Signs with a private key of the curve P-256. Safe for use by many threads. */
public interface Signer {

    /** Tells readers which key it was: written into the signature's header. */
    String keyId();

    /**
     * The ECDSA signature of a SHA-256, 64 bytes: r and s.
     *
     * @throws io.keyvaultbackup.vault.FailureException if the key could not be used
     */
    byte[] sign(byte[] sha256);
}
