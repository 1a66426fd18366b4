package io.keyvaultbackup.telemetry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is to be right of an address that something is sent to, and of headers; and how both are told without what is secret in them. */
final class HttpReceivers {

    static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private HttpReceivers() {}

    /** Adds a sentence if the address is none; it may be null. */
    static void lookAtUrl(List<String> problems, String property, @Nullable String url, String example) {
        if (url != null && !isUrl(url)) {
            problems.add(property + ": " + shown(url) + " is no address of HTTP, such as " + example
                    + "; it has a host, and neither a user, nor '?', nor '#'");
        }
    }

    /** Adds a sentence for each header that HTTP can not have. */
    static void lookAtHeaders(List<String> problems, String property, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (!isHeader(name, value)) {
                problems.add(
                        property + "." + CONTROL.matcher(name).replaceAll("?")
                                + " is none that can be sent: a name is of letters, digits and -, and neither host, connection nor"
                                + " another that HTTP itself sets; its value (which is secret) is one line of Latin characters");
            }
        });
    }

    /** As whoever sends sees it, whose exception would tell the value. */
    private static boolean isHeader(String name, String value) {
        try {
            HttpRequest.newBuilder().header(name, value);
            return !CONTROL.matcher(value).find();
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /** Without what may be secret in it; null stays null. */
    static @Nullable String shownOrNull(@Nullable String url) {
        return url == null ? null : shown(url);
    }

    /** Without what may be secret in it. */
    static String shown(String url) {
        String text = url.replaceAll("[?#].*", "?(hidden)").replaceAll("//[^/]*@", "//(hidden)@");
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** The names of the headers alone. */
    static Map<String, String> shown(Map<String, String> headers) {
        Map<String, String> names = new LinkedHashMap<>();
        headers.keySet().forEach(name -> names.put(name, "(hidden)"));
        return names;
    }

    /** Empty is not given. */
    static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
