package io.keyvaultbackup.notification;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A service that is called by HTTP. {@link #toString()} tells its name alone: who knows its address may write there. Immutable.
 *
 * @param name what logs and metrics call it
 * @param url its address, which is secret; better in the environment than in a file
 * @param format slack, teams, or json
 * @param events incomplete, failed, damaged, too-old, recovered; all if none is given
 * @param vaults patterns of vaults' names; all if none is given
 * @param headers sent with it, such as authorization; values are secret
 * @param secret the key of a signature by HMAC-SHA-256 over the plain JSON; better in the environment than in a file
 */
record WebhookProperties(
        @DefaultValue("") String name,
        @DefaultValue("") String url,
        @DefaultValue("json") Format format,
        @DefaultValue List<Event> events,
        @DefaultValue List<String> vaults,
        @DefaultValue Map<String, String> headers,
        @Nullable String secret) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,60}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7E\\u0080-\\u00FF]*");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** The JDK's client sets them itself. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    WebhookProperties {
        name = name.strip();
        url = url.strip();
        events = List.copyOf(events);
        vaults = List.copyOf(vaults);
        headers = Map.copyOf(headers);
        secret = secret == null || secret.isBlank() ? null : secret.strip();
    }

    Wanted wanted() {
        return new Wanted(events, vaults);
    }

    List<String> problems(String where) {
        List<String> problems = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            problems.add(where + ".name is to be of letters, digits, '-', '_' and '.', such as operations");
        }
        if (!isUrl()) {
            problems.add(where
                    + ".url is no address of HTTP, such as https://hooks.example.com/services/… (its value is secret)");
        } else if (isReadable()) {
            problems.add(
                    where
                            + ".url is of http, and could be read on the way by whoever then writes there: use https (its value is secret)");
        }
        headers.forEach((header, value) -> {
            String shown = where + ".headers." + CONTROL.matcher(header).replaceAll("?");
            if (!HEADER.matcher(header).matches()
                    || !HEADER_VALUE.matcher(value).matches()) {
                problems.add(shown
                        + " is none that HTTP can have: a name is of letters, digits and -, and its value is one line of"
                        + " ASCII or Latin-1 (its value is secret)");
            } else if (OF_THE_CLIENT.contains(header.toLowerCase(Locale.ROOT))) {
                problems.add(shown + " is set by the client itself: leave it out");
            }
        });
        if (secret != null && format != Format.JSON) {
            problems.add(where + ".secret is for the format json: neither Slack nor Teams looks at a signature");
        }
        return problems;
    }

    private boolean isReadable() {
        URI uri = URI.create(url);
        return uri.getScheme().equalsIgnoreCase("http") && !ThisMachine.is(uri.getHost());
    }

    private boolean isUrl() {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return (scheme.equals("https") || scheme.equals("http"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "Webhook[name=" + name + ", format=" + format + "]";
    }
}
