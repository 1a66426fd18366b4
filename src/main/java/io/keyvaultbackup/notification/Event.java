package io.keyvaultbackup.notification;

import java.util.Locale;

/** What people can be told of. */
public enum Event {
    INCOMPLETE("incomplete", "Not all of it was done."),
    FAILED("failed", "It could not be carried through."),
    DAMAGED("damaged", "Copies in the store are not as they were written, or not there."),
    TOO_OLD("too old", "It is older than its objective: what was changed in the vault since can not be restored."),
    RECOVERED("recovered", "It is well again.");

    private final String words;
    private final String meaning;

    Event(String words, String meaning) {
        this.words = words;
        this.meaning = meaning;
    }

    String words() {
        return words;
    }

    String meaning() {
        return meaning;
    }

    /** As in JSON, in metrics and in the configuration: {@code too_old}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
