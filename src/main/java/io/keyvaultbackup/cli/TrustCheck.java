package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.ConfigurationCheck;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Whether the SSL bundles can be read, and the one that is to be trusted is there. Spring Boot reads them at their first use only,
 * which is during the first call.
 */
record TrustCheck(Environment environment) implements ConfigurationCheck {

    private static final String USED = "keyvault-backup.azure.ssl-bundle";
    private static final String PEM = "spring.ssl.bundle.pem";
    private static final String JKS = "spring.ssl.bundle.jks";

    /** A bundle that is read when it is asked for. */
    @FunctionalInterface
    private interface Reading {
        SslBundle read();
    }

    @Override
    public List<String> problems() {
        Binder binder = Binder.get(environment);
        DefaultResourceLoader loader = new DefaultResourceLoader();
        Map<String, Reading> bundles = new TreeMap<>();
        Map<String, @Nullable String> places = new TreeMap<>();
        binder.bind(PEM, Bindable.mapOf(String.class, PemSslBundleProperties.class))
                .orElseGet(Map::of)
                .forEach((name, given) -> {
                    bundles.put(name, () -> PropertiesSslBundle.get(given, loader));
                    places.put(name, given.getTruststore().getCertificate());
                });
        binder.bind(JKS, Bindable.mapOf(String.class, JksSslBundleProperties.class))
                .orElseGet(Map::of)
                .forEach((name, given) -> {
                    bundles.put(name, () -> PropertiesSslBundle.get(given, loader));
                    places.put(name, given.getTruststore().getLocation());
                });
        List<String> problems = new ArrayList<>();
        String used = environment.getProperty(USED, "");
        if (!used.isBlank() && !bundles.containsKey(used)) {
            problems.add(USED + ": there is no SSL bundle '" + used + "'"
                    + (bundles.isEmpty() ? "" : " (there is " + String.join(", ", bundles.keySet()) + ")")
                    + "; set " + PEM + "." + used + ".truststore.certificate=file:/etc/ssl/corporate.pem");
        }
        bundles.forEach((name, bundle) -> read(problems, name, bundle, places.get(name)));
        return problems;
    }

    /** What the bundle may hold of keys and passwords is not shown. */
    private static void read(List<String> problems, String name, Reading bundle, @Nullable String place) {
        try {
            SslBundle read = bundle.read();
            read.getStores().getTrustStore();
            read.getStores().getKeyStore();
        } catch (RuntimeException unreadable) {
            boolean shown = place != null && !place.contains("-----");
            problems.add("spring.ssl.bundle: the bundle '" + name + "'"
                    + (shown ? " (truststore " + place + ")" : "")
                    + (isMissing(unreadable) ? " names a file that is not there" : " cannot be read")
                    + "; give certificates as PEM, such as " + PEM + "." + name
                    + ".truststore.certificate=file:/etc/ssl/corporate.pem");
        }
    }

    private static boolean isMissing(RuntimeException unreadable) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
                return true;
            }
        }
        return false;
    }
}
