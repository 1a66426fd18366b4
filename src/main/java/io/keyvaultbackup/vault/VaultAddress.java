package io.keyvaultbackup.vault;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The address of a vault: https, a host, perhaps a port, and nothing else. Equal for all spellings of one vault. */
public record VaultAddress(URI uri) {

    private static final int HTTPS = 443;
    private static final int LARGEST_PORT = 65_535;

    private static final Pattern NAME = Pattern.compile("[A-Za-z](-?[A-Za-z0-9])+");
    private static final Pattern MANAGED_HSM =
            Pattern.compile(".+\\.(privatelink\\.)?managedhsm\\.(azure\\.net|azure\\.cn|usgovcloudapi\\.net)");

    /**
     * Reads an address as people write it: {@code https://team-a.vault.azure.net/}, {@code team-a.vault.azure.net},
     * {@code localhost:8443}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static VaultAddress parse(String text) {
        return read(text, text.strip(), "https://team-a.vault.azure.net");
    }

    /**
     * Reads an address, or a vault's name: one word is a name, for there are no vaults at hosts without a dot or a port.
     *
     * @param suffix of the vaults' host names, such as {@code vault.azure.net}
     * @throws IllegalArgumentException with a sentence for people
     */
    public static VaultAddress parse(String text, String suffix) {
        String given = text.strip();
        String word = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        String address = NAME.matcher(word).matches() ? word + "." + suffix : given;
        return read(text, address, "team-a, team-a." + suffix + " or https://team-a." + suffix);
    }

    private static VaultAddress read(String text, String address, String example) {
        try {
            URI uri = new URI(address.contains("://") ? address : "https://" + address);
            String path = uri.getRawPath();
            boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null
                    && uri.getPort() != 0
                    && uri.getPort() <= LARGEST_PORT;
            if ("https".equalsIgnoreCase(uri.getScheme()) && isHost(uri) && bare) {
                int port = uri.getPort() == HTTPS ? -1 : uri.getPort();
                String host = uri.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
                if (MANAGED_HSM.matcher(host).matches()) {
                    throw new IllegalArgumentException("'" + text
                            + "' is a Managed HSM, which is not supported yet; name a Key Vault, such as " + example);
                }
                return new VaultAddress(new URI("https", null, host, port, null, null, null));
            }
        } catch (URISyntaxException malformed) {
            // the sentence below says what an address looks like
        }
        throw new IllegalArgumentException("'" + text + "' is not a vault's address; it looks like " + example);
    }

    /** A host with a dot or a port; a word alone is no host that a vault has. */
    private static boolean isHost(URI uri) {
        return uri.getHost() != null
                && (uri.getHost().contains(".")
                        || uri.getPort() > 0
                        || uri.getHost().contains(":"));
    }

    /** The vault's folder in a store: its host name, and its port if it is not the usual one ({@code localhost_8443}). */
    public String storeName() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + "_" + uri.getPort();
    }

    /** The vault whose folder in a store has this name, if it is a vault's. */
    public static Optional<VaultAddress> ofStoreName(String folder) {
        try {
            return Optional.of(parse("https://" + folder.replace('_', ':'))); // no host has an underscore
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
