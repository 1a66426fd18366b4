package io.keyvaultbackup.testservices;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The Azure SDK's HTTP client, as the product uses it, with the certificates that it trusts. */
final class TrustingHttpClient {

    private TrustingHttpClient() {}

    /** Trusts what Java trusts. */
    static HttpClient ofJdk() {
        return new JdkHttpClientBuilder().build();
    }

    /** Trusts this certificate (PEM) and no other. */
    static HttpClient of(Path certificate) {
        try (InputStream pem = Files.newInputStream(certificate)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "test", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new JdkHttpClientBuilder(
                            java.net.http.HttpClient.newBuilder().sslContext(context))
                    .build();
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException("cannot trust " + certificate, failed);
        }
    }
}
