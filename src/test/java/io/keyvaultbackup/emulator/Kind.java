package io.keyvaultbackup.emulator;

import java.util.Locale;

/** The three sorts of object, each with the words that the service uses for it. */
enum Kind {
    SECRET("secrets", "Secret"),
    KEY("keys", "Key"),
    CERTIFICATE("certificates", "Certificate");

    private final String collection;
    private final String title;

    Kind(String collection, String title) {
        this.collection = collection;
        this.title = title;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String collection() {
        return collection;
    }

    String title() {
        return title;
    }

    static Kind ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
