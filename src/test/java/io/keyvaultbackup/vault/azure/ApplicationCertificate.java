package io.keyvaultbackup.vault.azure;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate by which an application proves itself, and its key (RSA, as Entra ID wants it), in files of both forms. */
record ApplicationCertificate(X509Certificate certificate, Path pem, Path pkcs12) {

    /** Makes a new one, valid for a day. */
    static ApplicationCertificate createIn(Path directory, String password) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            X509Certificate certificate = certificate(pair);
            Path pem = directory.resolve("application.pem");
            try (Writer file = Files.newBufferedWriter(pem);
                    JcaPEMWriter writer = new JcaPEMWriter(file)) {
                writer.writeObject(new JcaPKCS8Generator(pair.getPrivate(), null));
                writer.writeObject(certificate);
            }
            Path pkcs12 = directory.resolve("application.pfx");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "application", pair.getPrivate(), password.toCharArray(), new Certificate[] {certificate});
            try (OutputStream file = Files.newOutputStream(pkcs12)) {
                store.store(file, password.toCharArray());
            }
            return new ApplicationCertificate(certificate, pem, pkcs12);
        } catch (GeneralSecurityException | OperatorCreationException | IOException failed) {
            throw new IllegalStateException("cannot make the application's certificate", failed);
        }
    }

    private static X509Certificate certificate(KeyPair pair)
            throws GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        X500Principal name = new X500Principal("CN=keyvault-backup");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                name,
                pair.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
    }
}
