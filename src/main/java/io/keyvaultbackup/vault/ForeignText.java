package io.keyvaultbackup.vault;

/** Text that a service, or who answers in its place, has sent: it goes into a database, a manifest, a terminal. */
final class ForeignText {

    private ForeignText() {}

    /** On one line, no longer than that, and always text that can be written as UTF-8. */
    static String bounded(String text, int longest) {
        String printable = text.replaceAll("\\p{Cntrl}+", " ").replaceAll("\\p{Cs}", "\uFFFD"); // half a character
        if (printable.length() <= longest) {
            return printable;
        }
        int end = longest - 1;
        return printable.substring(0, Character.isHighSurrogate(printable.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
