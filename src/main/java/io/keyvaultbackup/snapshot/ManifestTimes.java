package io.keyvaultbackup.snapshot;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads times as manifests have them. Six of them for each object were half of the time that a large manifest took, so those in UTC, with up to
 * nine digits of a second's fraction, have a way of their own. Stateless.
 */
final class ManifestTimes {

    private static final String FORM = "dddd-dd-ddTdd:dd:dd";
    private static final int LONGEST = "2026-11-24T03:00:00.123456789Z".length();
    private static final int FRACTION = FORM.length() + 1;
    private static final int NANO_DIGITS = 9;

    private ManifestTimes() {}

    /** @throws java.time.DateTimeException if it is none */
    static Instant parse(String text) {
        return isUsual(text)
                ? Instant.ofEpochSecond(
                        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                                                .toEpochDay()
                                        * 86_400
                                + number(text, 11, 13) * 3_600L
                                + number(text, 14, 16) * 60L
                                + number(text, 17, 19),
                        nanos(text))
                : Instant.parse(text);
    }

    private static boolean isUsual(String text) {
        int end = text.length() - 1;
        if (end < FORM.length() || end >= LONGEST || text.charAt(end) != 'Z') {
            return false;
        }
        for (int at = 0; at < FORM.length(); at++) {
            char form = FORM.charAt(at);
            if (form == 'd' ? !isDigit(text.charAt(at)) : text.charAt(at) != form) {
                return false;
            }
        }
        if (end > FORM.length() && (text.charAt(FORM.length()) != '.' || end == FRACTION)) {
            return false;
        }
        for (int at = FRACTION; at < end; at++) {
            if (!isDigit(text.charAt(at))) {
                return false;
            }
        }
        return number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static int nanos(String text) {
        int nanos = 0;
        for (int digit = 0; digit < NANO_DIGITS; digit++) {
            int at = FRACTION + digit;
            nanos = nanos * 10 + (at < text.length() - 1 ? text.charAt(at) - '0' : 0);
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + text.charAt(at) - '0';
        }
        return number;
    }
}
