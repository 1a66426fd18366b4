package io.keyvaultbackup.vault.azure;

import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Signs with a key that never leaves its vault: one request for each signature, which needs the permission to sign and no other. */
final class KeyVaultSigner implements Signer {

    private static final int SIGNATURE_BYTES = 64;

    private final CryptographyClient client;
    private final String keyId;
    private final String host;
    private final InstantSource clock;

    KeyVaultSigner(CryptographyClient client, String keyId, String host, InstantSource clock) {
        this.client = client;
        this.keyId = keyId;
        this.host = host;
        this.clock = clock;
    }

    @Override
    public String keyId() {
        return keyId;
    }

    @Override
    public byte[] sign(byte[] sha256) {
        byte @Nullable [] signature;
        try {
            signature = client.sign(SignatureAlgorithm.ES256, sha256).getSignature();
        } catch (RuntimeException failed) {
            RuntimeException understood = AzureFailures.understand(failed, host, clock);
            if (!(understood instanceof VaultException told)) {
                throw understood;
            }
            Failure why = told.failure();
            throw new VaultException(
                    new Failure(
                            why.reason(),
                            why.status(),
                            why.code(),
                            "signing with " + keyId + ": " + why.message(),
                            why.requestId(),
                            why.retryAfter()),
                    failed);
        }
        if (signature == null || signature.length != SIGNATURE_BYTES) {
            throw new VaultException(
                    Failure.of(FailureReason.CORRUPT_ANSWER, "signing with " + keyId + ": the answer is no signature"),
                    null);
        }
        return signature;
    }
}
