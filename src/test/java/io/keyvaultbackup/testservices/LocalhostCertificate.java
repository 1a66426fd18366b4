package io.keyvaultbackup.testservices;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate for {@code localhost} that signs itself, and its key, as PEM files for a service to use. */
public record LocalhostCertificate(Path certificate, Path key) {

    /** Makes a new one, valid for a day, in this directory; for these names too. */
    public static LocalhostCertificate createIn(Path directory, String... names) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
            LocalhostCertificate made =
                    new LocalhostCertificate(directory.resolve("localhost.crt"), directory.resolve("localhost.key"));
            write(made.certificate(), certificate(pair, names));
            write(made.key(), new JcaPKCS8Generator(pair.getPrivate(), null));
            return made;
        } catch (GeneralSecurityException | OperatorCreationException | IOException failed) {
            throw new IllegalStateException("cannot make a certificate for localhost", failed);
        }
    }

    private static X509Certificate certificate(KeyPair pair, String... more)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        Instant now = Instant.now();
        X500Principal localhost = new X500Principal("CN=localhost");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                localhost,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                localhost,
                pair.getPublic());
        GeneralName[] names = Stream.concat(
                        Stream.of(
                                new GeneralName(GeneralName.dNSName, "localhost"),
                                new GeneralName(GeneralName.iPAddress, "127.0.0.1")),
                        Arrays.stream(more).map(name -> new GeneralName(GeneralName.dNSName, name)))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    private static void write(Path file, Object content) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(writer)) {
            pem.writeObject(content);
        }
    }
}
