package io.keyvaultbackup.azure;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way through an HTTP proxy: which hosts go through it, and as whom. Immutable; {@link #toString()} tells no password.
 *
 * @param source what it was read from, for people: a property or a variable
 */
record ProxyRoute(
        String source,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        List<String> nonProxyHosts) {

    static final String URL_PROPERTY = AzureProperties.PREFIX + ".proxy.url";
    static final String EXAMPLE = "http://proxy.example.com:3128";

    private static final int HTTP = 80;

    /** This machine, and where Azure's machines ask for their identity: no proxy knows either. */
    private static final Pattern NEAR =
            Pattern.compile("localhost|127\\.[0-9.]+|\\[?::1]?|\\[?0:0:0:0:0:0:0:1]?|169\\.254\\.[0-9.]+");

    /**
     * The proxy that is configured, or else the environment's; null if there is none.
     *
     * @throws IllegalArgumentException if it is not a proxy's URL, with a sentence for people
     */
    static @Nullable ProxyRoute of(AzureProperties.Proxy given, Function<String, @Nullable String> environment) {
        List<String> excluded = given.nonProxyHosts();
        if (excluded.isEmpty()) {
            excluded = list(first(environment, "NO_PROXY", "no_proxy"));
        }
        if (given.url() != null) {
            return parse(URL_PROPERTY, given.url(), given.user(), given.password(), excluded);
        }
        String variable = first(environment, "HTTPS_PROXY", "https_proxy");
        return variable == null ? null : parse("HTTPS_PROXY", variable, given.user(), given.password(), excluded);
    }

    private static ProxyRoute parse(
            String source, String url, @Nullable String user, @Nullable String password, List<String> excluded) {
        URI uri;
        try {
            uri = URI.create(url.contains("://") ? url : "http://" + url);
        } catch (IllegalArgumentException malformed) {
            throw refused(source, url);
        }
        String path = uri.getRawPath();
        if (!"http".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || !(path == null || path.isEmpty() || path.equals("/"))
                || uri.getRawQuery() != null) {
            throw refused(source, url);
        }
        String ownUser = user;
        String ownPassword = password;
        if (uri.getRawUserInfo() != null && user == null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            ownUser = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
            ownPassword = parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
        }
        return new ProxyRoute(
                source,
                uri.getHost(),
                uri.getPort() < 0 ? HTTP : uri.getPort(),
                ownUser,
                ownPassword,
                excluded.stream().map(ProxyRoute::domain).toList());
    }

    private static IllegalArgumentException refused(String source, String url) {
        return new IllegalArgumentException(
                source + " is " + shown(url) + ", which is not the address of an HTTP proxy. A valid one is " + EXAMPLE
                        + "; a user belongs into " + AzureProperties.PREFIX + ".proxy.user.");
    }

    /** A URL without a user's name and password. */
    static String shown(String url) {
        return url.replaceAll("^((?:[^/@]*//)?)[^/]*@", "$1(hidden)@");
    }

    /** Which connections go through the proxy. Its name is resolved for each, so that a proxy may move. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return covers(String.valueOf(uri.getHost()))
                        ? List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port)))
                        : List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, java.io.IOException failed) {
                // whoever connects is told
            }
        };
    }

    /** Whether that host is reached through the proxy. */
    boolean covers(String target) {
        String name = target.toLowerCase(Locale.ROOT);
        return !NEAR.matcher(name).matches()
                && nonProxyHosts.stream()
                        .noneMatch(excluded ->
                                excluded.equals("*") || name.equals(excluded) || name.endsWith("." + excluded));
    }

    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }

    private static String domain(String excluded) {
        return excluded.equals("*")
                ? excluded
                : excluded.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
    }

    private static List<String> list(@Nullable String commas) {
        return commas == null
                ? List.of()
                : Arrays.stream(commas.split(","))
                        .map(String::strip)
                        .filter(host -> !host.isEmpty())
                        .toList();
    }

    private static @Nullable String first(Function<String, @Nullable String> environment, String... names) {
        return Arrays.stream(names)
                .map(environment)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse(null);
    }
}
