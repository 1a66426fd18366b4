package io.keyvaultbackup.dashboard.request;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What Kubernetes puts into a pod for its account: read anew each time, as tokens are rotated within the hour. Stateless. */
record ServiceAccount(Path directory) {

    String token() throws IOException {
        return Files.readString(directory.resolve("token"), StandardCharsets.UTF_8)
                .strip();
    }

    String namespace() throws IOException {
        return Files.readString(directory.resolve("namespace"), StandardCharsets.UTF_8)
                .strip();
    }

    /** Trusts the cluster's own authority and nobody else. */
    SSLContext trust() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(directory.resolve("ca.crt"))) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("cluster-" + number++, certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
