package io.keyvaultbackup.vault;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The address of a vault: https, a host, perhaps a port, and nothing else. Equal for all spellings of one vault. */
public record VaultAddress(URI uri) {

    private static final int HTTPS = 443;

    /**
     * Reads an address as people write it: {@code https://team-a.vault.azure.net/}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static VaultAddress parse(String text) {
        try {
            URI uri = new URI(text.strip());
            String path = uri.getRawPath();
            boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && bare) {
                int port = uri.getPort() == HTTPS ? -1 : uri.getPort();
                return new VaultAddress(
                        new URI("https", null, uri.getHost().toLowerCase(Locale.ROOT), port, null, null, null));
            }
        } catch (URISyntaxException malformed) {
            // the sentence below says what an address looks like
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a vault's address; it looks like https://team-a.vault.azure.net");
    }

    /** The vault's folder in a store: its host name, and its port if it is not the usual one ({@code localhost_8443}). */
    public String storeName() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + "_" + uri.getPort();
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
