package io.keyvaultbackup.signature;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One version of a key in a vault, as the service names it. */
public record KeyId(VaultAddress vault, String name, String version) {

    private static final Pattern FORM = Pattern.compile("(?i)(https://[^/]+)/keys/([0-9a-z-]{1,127})/([0-9a-f]{32})/?");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static KeyId parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a version of a key; it looks like"
                    + " https://audit.vault.azure.net/keys/manifests/0123456789abcdef0123456789abcdef");
        }
        return new KeyId(
                VaultAddress.parse(form.group(1)), form.group(2), form.group(3).toLowerCase(Locale.ROOT));
    }

    /** As the service writes it. */
    @Override
    public String toString() {
        return vault + "/keys/" + name + "/" + version;
    }
}
