package io.keyvaultbackup.dashboard.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where people find the dashboard.
 *
 * @param url what they type, where that is known: without a path
 */
public record PublicPlace(@Nullable URI url) {

    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

    /** @throws IllegalArgumentException if it is no such URL, with the rest of a sentence that begins with it */
    public static PublicPlace of(@Nullable String url) {
        if (url == null) {
            return new PublicPlace(null);
        }
        try {
            URI uri = new URI(url.replaceFirst("/$", ""));
            String host = uri.getHost();
            if (host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawPath().isEmpty()) {
                if ("https".equalsIgnoreCase(uri.getScheme())
                        || ("http".equalsIgnoreCase(uri.getScheme()) && THIS_MACHINE.contains(host))) {
                    return new PublicPlace(uri);
                }
                throw new IllegalArgumentException(
                        "is not https; a login and what follows it would be for everybody to read on the way");
            }
        } catch (URISyntaxException malformed) {
            // the sentence below says what it looks like
        }
        throw new IllegalArgumentException("is not the address of a dashboard, such as https://backup.example.org");
    }

    /** Whether browsers come by HTTPS, if not to this process. */
    boolean isHttps() {
        return url != null && "https".equalsIgnoreCase(url.getScheme());
    }

    /**
     * Whether a browser may have been sent here under that name. A page elsewhere whose name suddenly means this machine may not read what is here; no such
     * page can have this machine's own names.
     */
    boolean isNamed(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return THIS_MACHINE.contains(name)
                || (url != null && name.equals(url.getHost().toLowerCase(Locale.ROOT)));
    }
}
