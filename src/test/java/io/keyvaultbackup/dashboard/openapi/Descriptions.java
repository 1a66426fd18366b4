package io.keyvaultbackup.dashboard.openapi;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** What people are told of each route, parameter and property: descriptions.properties, whose head says how its keys are made. Notes which were wanted. */
final class Descriptions {

    static final String FILE = "src/test/resources/io/keyvaultbackup/dashboard/openapi/descriptions.properties";

    private final Properties texts;
    private final Set<String> used = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();

    private Descriptions(Properties texts) {
        this.texts = texts;
    }

    static Descriptions read() {
        Properties texts = new Properties();
        try (Reader file = new InputStreamReader(
                Objects.requireNonNull(Descriptions.class.getResourceAsStream("descriptions.properties")),
                StandardCharsets.UTF_8)) {
            texts.load(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new Descriptions(texts);
    }

    /** Of the first key that there is; the last of them is missing if there is none. */
    String text(String... keys) {
        return found(keys).orElseGet(() -> {
            missing.add(keys[keys.length - 1]);
            return "";
        });
    }

    Optional<String> found(String... keys) {
        for (String key : keys) {
            String text = texts.getProperty(key);
            if (text != null) {
                used.add(key);
                return Optional.of(text.strip());
            }
        }
        return Optional.empty();
    }

    Set<String> missing() {
        return missing;
    }

    /** What describes nothing that there is. */
    Set<String> unused() {
        Set<String> unused = new TreeSet<>(texts.stringPropertyNames());
        unused.removeAll(used);
        return unused;
    }
}
