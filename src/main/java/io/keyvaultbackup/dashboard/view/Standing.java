package io.keyvaultbackup.dashboard.view;

import java.util.Locale;

/** How a vault stands, in the order in which somebody on call should look. */
public enum Standing {
    DAMAGED("damaged", "The last examination found damaged or missing copies."),
    NO_COPY("no copy", "There is no complete snapshot of it."),
    TOO_OLD("too old", "Its newest complete snapshot is older than its objective."),
    FAILING("failing", "Its newest runs were not complete; its newest good copy is still within its objective."),
    UNKNOWN("unknown", "Neither the job database nor the store tells."),
    GOOD("good", "Its newest complete snapshot is within its objective."),
    NOT_LISTED("not listed", "It has runs, and the configuration names it no longer.");

    private final String words;
    private final String meaning;

    Standing(String words, String meaning) {
        this.words = words;
        this.meaning = meaning;
    }

    public String words() {
        return words;
    }

    /** In a sentence. */
    public String meaning() {
        return meaning;
    }

    /** As in addresses, JSON and style sheets: {@code too_old}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether somebody has to do something. */
    public boolean isTrouble() {
        return compareTo(UNKNOWN) < 0;
    }
}
