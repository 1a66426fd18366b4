package io.keyvaultbackup.emulator;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made for one emulator, and the server certificate that it signs for this machine. */
final class CertificateAuthority {

    static final char[] PASSWORD = "emulator".toCharArray();

    private static final X500Name NAME = new X500Name("CN=Key Vault emulator CA");

    private final X509Certificate certificate;
    private final KeyStore serverKeys;

    CertificateAuthority() {
        try {
            KeyPair authority = newKeyPair();
            certificate = sign(NAME, authority, authority, true);
            KeyPair server = newKeyPair();
            X509Certificate serverCertificate = sign(new X500Name("CN=localhost"), server, authority, false);
            serverKeys = KeyStore.getInstance("PKCS12");
            serverKeys.load(null, PASSWORD);
            serverKeys.setKeyEntry(
                    "localhost", server.getPrivate(), PASSWORD, new X509Certificate[] {serverCertificate, certificate});
        } catch (GeneralSecurityException | OperatorCreationException | IOException broken) {
            throw new IllegalStateException("The emulator's certificates could not be made", broken);
        }
    }

    KeyStore serverKeys() {
        return serverKeys;
    }

    /** The SHA-1 of the server's certificate, as Service Fabric names it. */
    String serverThumbprint() {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1")
                            .digest(serverKeys.getCertificate("localhost").getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A store that trusts this authority and nobody else. */
    KeyStore trustStore() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("emulator", certificate);
            return trusted;
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("The emulator's authority could not be made trusted", broken);
        }
    }

    SSLContext trustingContext() {
        try {
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("The emulator's authority could not be made trusted", broken);
        }
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(X500Name subject, KeyPair keys, KeyPair issuer, boolean authority)
            throws OperatorCreationException, GeneralSecurityException, IOException {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                NAME,
                BigInteger.valueOf(now.toEpochMilli()).shiftLeft(1).add(authority ? BigInteger.ONE : BigInteger.ZERO),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!authority) {
            GeneralName[] names = {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.dNSName, "*.example.test"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.iPAddress, "::1")
            };
            builder.addExtension(
                    Extension.subjectAlternativeName, false, GeneralNames.getInstance(new DERSequence(names)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    }
}
