package io.keyvaultbackup.signature;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import io.keyvaultbackup.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWS in compact form whose payload is elsewhere and is not encoded, so that it can be of any length: it is hashed as it is read.
 * Any JOSE library that knows RFC 7797 can check it: {@code header..signature}.
 */
public final class DetachedSignature {

    private static final String UNENCODED = "b64";
    private static final int LONGEST = 4096;

    private final JWSHeader header;
    private final Base64URL signature;

    private DetachedSignature(JWSHeader header, Base64URL signature) {
        this.header = header;
        this.signature = signature;
    }

    /** To be given the payload's bytes; signs the whole at the end. For one thread. */
    public static final class Builder {

        private final Signer signer;
        private final JWSHeader header;
        private final MessageDigest digest;
        private byte @Nullable [] sha256;

        public Builder(Signer signer) {
            this.signer = signer;
            this.header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(signer.keyId())
                    .base64URLEncodePayload(false)
                    .criticalParams(Set.of(UNENCODED))
                    .build();
            this.digest = begun(header);
        }

        /** What the payload goes through. */
        public MessageDigest digest() {
            return digest;
        }

        /** The compact form, once the digest has had the payload. */
        public String sign() {
            if (sha256 == null) { // the digest is empty after it; who tries again signs the same
                sha256 = digest.digest();
            }
            Base64URL signature = Base64URL.encode(signer.sign(sha256));
            return header.toBase64URL() + ".." + signature;
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a sentence for people, if it is none, or not one of these
     */
    public static DetachedSignature parse(String text) {
        String compact = text.strip();
        String[] parts = compact.split("\\.", -1);
        if (compact.length() > LONGEST || parts.length != 3 || !parts[1].isEmpty()) {
            throw new IllegalArgumentException("it is no detached JWS");
        }
        try {
            JWSHeader header = JWSHeader.parse(new Base64URL(parts[0]));
            boolean ours = JWSAlgorithm.ES256.equals(header.getAlgorithm())
                    && !header.isBase64URLEncodePayload()
                    && Set.of(UNENCODED).equals(header.getCriticalParams());
            if (!ours) {
                throw new IllegalArgumentException(
                        "its header is not that of a detached ES256 signature with an unencoded payload");
            }
            Base64URL signature = new Base64URL(parts[2]);
            if (!Base64URL.encode(signature.decode()).equals(signature)) {
                throw new IllegalArgumentException("its signature is not encoded as it should be");
            }
            return new DetachedSignature(header, signature);
        } catch (ParseException malformed) {
            throw new IllegalArgumentException("its header can not be read: " + malformed.getMessage(), malformed);
        }
    }

    /** Which key the signer says it was; nobody need believe it. */
    public String keyId() {
        return header.getKeyID() == null ? "" : header.getKeyID();
    }

    /** What the payload is to go through before {@link #isOf}. */
    public MessageDigest digest() {
        return begun(header);
    }

    /** Whether the owner of the key signed what the digest was given. */
    public boolean isOf(MessageDigest digest, PublicKey key) {
        try {
            Signature check = Signature.getInstance("NONEwithECDSAinP1363Format");
            check.initVerify(key);
            check.update(digest.digest());
            return check.verify(signature.decode());
        } catch (GeneralSecurityException malformed) { // a signature of the wrong length, mostly
            return false;
        }
    }

    private static MessageDigest begun(JWSHeader header) {
        MessageDigest digest = Sha256.digest();
        digest.update(header.toBase64URL().toString().getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) '.');
        return digest;
    }
}
