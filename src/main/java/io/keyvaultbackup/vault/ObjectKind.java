package io.keyvaultbackup.vault;

import java.util.Arrays;
import java.util.Locale;

/** The three sorts of object that a vault holds. */
public enum ObjectKind {
    SECRET("secrets"),
    KEY("keys"),
    CERTIFICATE("certificates");

    private final String collection;

    ObjectKind(String collection) {
        this.collection = collection;
    }

    /** The word in text, names and JSON: {@code secret}, {@code key}, {@code certificate}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The service's word for all of them: {@code secrets}, {@code keys}, {@code certificates}. */
    public String collection() {
        return collection;
    }

    /**
     * The kind of a word as {@link #word()} gives it, in any case.
     *
     * @throws IllegalArgumentException for any other word
     */
    public static ObjectKind ofWord(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + word + "' is not a kind of object; the kinds are secret, key and certificate"));
    }
}
