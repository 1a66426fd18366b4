package io.keyvaultbackup.snapshot;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads times as manifests have them. Five of them for each object were half of the time that a large manifest took, so whole seconds, as the
 * service's are, have a way of their own. Stateless.
 */
final class ManifestTimes {

    private static final int WHOLE_SECONDS = "2026-11-24T03:00:00Z".length();
    private static final String FORM = "dddd-dd-ddTdd:dd:ddZ";

    private ManifestTimes() {}

    /** @throws java.time.DateTimeException if it is none */
    static Instant parse(String text) {
        return isInWholeSeconds(text)
                ? Instant.ofEpochSecond(LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                                        .toEpochDay()
                                * 86_400
                        + number(text, 11, 13) * 3_600L
                        + number(text, 14, 16) * 60L
                        + number(text, 17, 19))
                : Instant.parse(text);
    }

    private static boolean isInWholeSeconds(String text) {
        if (text.length() != WHOLE_SECONDS) {
            return false;
        }
        for (int at = 0; at < WHOLE_SECONDS; at++) {
            char form = FORM.charAt(at);
            char is = text.charAt(at);
            if (form == 'd' ? is < '0' || is > '9' : is != form) {
                return false;
            }
        }
        return number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + text.charAt(at) - '0';
        }
        return number;
    }
}
