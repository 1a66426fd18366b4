package io.keyvaultbackup.emulator;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Signatures by keys of the curve P-256, whose pair follows from the version's id, so that a restored key signs as its original does. */
final class Signing {

    private static final int SHA_256_BYTES = 32;

    private Signing() {}

    /** Only what the product's issue needs: ES256, of the SHA-256 that the client made. */
    static Answer sign(Bodies bodies, StoredObject key, Version version, JsonNode body) {
        KeyType type = version.keyType();
        byte[] digest = decoded(body.path("value").asString(""));
        boolean possible = type != null
                && !type.rsa()
                && version.material() == null
                && body.path("alg").asString("").equals("ES256")
                && digest.length == SHA_256_BYTES;
        if (!possible) {
            throw new ServiceException(ServiceError.badParameter("Key and signing algorithm are incompatible."));
        }
        if (!version.enabled()) {
            throw new ServiceException(ServiceError.disabled("sign", Kind.KEY));
        }
        try {
            Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
            signature.initSign(pair(version).getPrivate());
            signature.update(digest);
            return Answer.json(
                    200,
                    Map.of(
                            "kid",
                            bodies.id(Kind.KEY, key.name(), version.id()),
                            "value",
                            Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign())));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] decoded(String value) {
        try {
            return Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    static KeyPair pair(Version version) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new Expanded(version.id()));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Always the same for one seed; no secret depends on it. */
    private static final class Expanded extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final String seed;
        private int given;

        Expanded(String seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            byte[] next = Materials.expand(seed + "d" + given++, bytes.length);
            System.arraycopy(next, 0, bytes, 0, bytes.length);
        }
    }
}
