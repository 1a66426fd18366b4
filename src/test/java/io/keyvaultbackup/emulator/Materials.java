package io.keyvaultbackup.emulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The public parts of keys and certificates. A made key's numbers follow from its version id, when they are asked for: nobody computes with an
 * RSA key's, a hundred thousand keys cost nothing, and a restored copy can be compared with its original.
 */
final class Materials {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private Materials() {}

    /** The public part of a key's version, as a JSON Web Key without its id. */
    static Map<String, Object> publicKey(Version version, KeyType type) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("kty", type.typeName());
        if (type.rsa()) {
            byte[] modulus = expand(version.id() + "n", type.bits() / 8);
            modulus[0] |= (byte) 0x80;
            modulus[modulus.length - 1] |= 1;
            key.put("key_ops", new String[] {"encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"});
            key.put("n", URL.encodeToString(modulus));
            key.put("e", "AQAB");
        } else {
            key.put("key_ops", new String[] {"sign", "verify"});
            key.put("crv", "P-256");
            ECPoint point = ((ECPublicKey) Signing.pair(version).getPublic()).getW();
            key.put("x", coordinate(point.getAffineX()));
            key.put("y", coordinate(point.getAffineY()));
        }
        return key;
    }

    /** A certificate's version in DER: the imported one, or one signed by the emulator for that name. */
    static byte[] certificate(String name, Version version) {
        String imported = version.material();
        return imported != null
                ? Base64.getDecoder().decode(imported)
                : LeafCertificates.made(name, new BigInteger(version.id(), 16), version.created());
    }

    static String thumbprint(byte[] certificate) {
        return URL.encodeToString(digest("SHA-1", certificate));
    }

    /** The certificate in an import's value, PKCS#12 or PEM, in Base64. */
    static String imported(String value, String password) {
        try {
            if (value.contains("-----BEGIN CERTIFICATE-----")) {
                String pem = value.substring(value.indexOf("-----BEGIN CERTIFICATE-----"));
                return encoded(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(Base64.getMimeDecoder().decode(value)), password.toCharArray());
            return encoded(store.getCertificate(store.aliases().nextElement()));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unreadable) {
            throw new ServiceException(
                    ServiceError.badParameter("The specified PKCS#12 X.509 certificate content can not be read."));
        }
    }

    private static String encoded(Certificate certificate) throws GeneralSecurityException {
        return Base64.getEncoder().encodeToString(certificate.getEncoded());
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return URL.encodeToString(fixed);
    }

    static byte[] expand(String seed, int length) {
        byte[] expanded = new byte[length];
        for (int from = 0; from < length; from += 32) {
            byte[] block = digest("SHA-256", (seed + from).getBytes(StandardCharsets.US_ASCII));
            System.arraycopy(block, 0, expanded, from, Math.min(32, length - from));
        }
        return expanded;
    }

    private static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
