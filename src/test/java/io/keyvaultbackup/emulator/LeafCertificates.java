package io.keyvaultbackup.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.operator.ContentSigner;

/**
 * The certificates that emulated vaults make: self-signed, real X.509, and the same bytes whenever they are asked for, so that they
 * need not be stored. Their one key is public knowledge.
 */
final class LeafCertificates {

    private static final ECDomainParameters CURVE =
            new ECDomainParameters(SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
    private static final BigInteger SECRET =
            new BigInteger(1, "key-vault-emulator-demonstration".getBytes(StandardCharsets.US_ASCII));
    private static final SubjectPublicKeyInfo PUBLIC_KEY = new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
            CURVE.getG().multiply(SECRET).getEncoded(false));

    /** RFC 5280 allows no more; an object's name may be longer. */
    private static final int LONGEST_COMMON_NAME = 64;

    private LeafCertificates() {}

    static byte[] made(String name, BigInteger serial, Instant created) {
        X500Name subject = new X500Name("CN=" + name.substring(0, Math.min(name.length(), LONGEST_COMMON_NAME)));
        var builder = new X509v3CertificateBuilder(
                subject,
                serial,
                Date.from(created),
                Date.from(created.plus(Duration.ofDays(365))),
                subject,
                PUBLIC_KEY);
        try {
            return builder.build(new Signer()).getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** ECDSA whose random number follows from the content, so that the same content gives the same signature. */
    private static final class Signer implements ContentSigner {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            var signer = new DSADigestSigner(
                    new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
            signer.init(true, new ECPrivateKeyParameters(SECRET, CURVE));
            signer.update(content.toByteArray(), 0, content.size());
            return signer.generateSignature();
        }
    }
}
