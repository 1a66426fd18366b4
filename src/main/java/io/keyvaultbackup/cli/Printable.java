package io.keyvaultbackup.cli;

import java.util.regex.Pattern;

/**
 * Text from anywhere (arguments, a service, a library) as it may be shown: characters that steer a terminal are escaped, and what
 * looks like a secret is hidden. Stateless.
 */
final class Printable {

    private static final Pattern ASSIGNED_SECRET = Pattern.compile(
            "(?i)\\b(sig|[a-z_]*key|[a-z_-]*password|[a-z_-]*secret|[a-z_-]*token)=(?!\\(hidden\\))[^&;,\\s\"']+");
    private static final Pattern USER_IN_URL = Pattern.compile("//[^/@\\s\"']+@");

    private Printable() {}

    /** In one line. */
    static String line(String text) {
        return escaped(withoutSecrets(text), false);
    }

    /** With its line breaks and tabs. */
    static String text(String text) {
        return escaped(withoutSecrets(text), true);
    }

    /** Only escaped, in the form that JSON has too; for what is a JSON line already. */
    static String json(String line) {
        return escaped(line, false);
    }

    private static String withoutSecrets(String text) {
        if (text.indexOf('=') < 0 && text.indexOf("//") < 0) { // most texts, such as names
            return text;
        }
        String hidden = ASSIGNED_SECRET.matcher(text).replaceAll("$1=(hidden)");
        return USER_IN_URL.matcher(hidden).replaceAll("//(hidden)@");
    }

    private static String escaped(String text, boolean keepsLines) {
        StringBuilder shown = null;
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            boolean kept = !steers(character) || (keepsLines && (character == '\n' || character == '\t'));
            if (!kept && shown == null) {
                shown = new StringBuilder(text.substring(0, index));
            }
            if (shown != null) {
                shown.append(kept ? String.valueOf(character) : String.format("\\u%04x", (int) character));
            }
        }
        return shown == null ? text : shown.toString();
    }

    /** Whether it moves the cursor, colours, or turns the direction of what follows. */
    private static boolean steers(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
