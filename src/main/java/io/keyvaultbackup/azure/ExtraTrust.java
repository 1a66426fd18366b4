package io.keyvaultbackup.azure;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** Trust in a bundle's certificates beside those that the JDK trusts: an inspecting proxy's or a private authority's. */
final class ExtraTrust {

    private ExtraTrust() {}

    static SSLContext beside(SslBundle bundle) {
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (X509Certificate certificate : trustedBy(null)) {
                all.setCertificateEntry("default-" + number++, certificate);
            }
            KeyStore extra = bundle.getStores().getTrustStore();
            if (extra != null) {
                for (String alias : Collections.list(extra.aliases())) {
                    all.setCertificateEntry("extra-" + alias, extra.getCertificate(alias));
                }
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(bundle.getManagers().getKeyManagers(), managers(all), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new IllegalStateException(
                    "cannot build the trust store from the SSL bundle: " + failed.getMessage(), failed);
        }
    }

    private static X509Certificate[] trustedBy(@Nullable KeyStore store) throws GeneralSecurityException {
        for (TrustManager manager : managers(store)) {
            if (manager instanceof X509TrustManager x509) {
                return x509.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
