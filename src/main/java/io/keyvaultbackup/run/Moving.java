package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.ObjectId;
import java.util.Arrays;
import java.util.Locale;

/** An object that a closing listing found in another state than that of its copy. */
public record Moving(ObjectId id, Change change) {

    /** What had become of it. */
    public enum Change {
        /** Another state than the one copied, or too soon after its last change to tell. */
        CHANGED,
        /** Not there before. */
        APPEARED,
        /** Not there any more. */
        VANISHED;

        /** As people read it: {@code changed}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The change of that word; what only a newer version knows is some change. */
        public static Change ofWord(String word) {
            return Arrays.stream(values())
                    .filter(change -> change.word().equals(word))
                    .findFirst()
                    .orElse(CHANGED);
        }
    }

    /** {@code secret/db-password changed}. */
    @Override
    public String toString() {
        return id + " " + change.word();
    }
}
