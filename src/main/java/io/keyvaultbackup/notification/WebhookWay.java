package io.keyvaultbackup.notification;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** Calls a service by HTTP. Of what it answers only short plain text is repeated, and nothing that was in the address. */
final class WebhookWay implements Way {

    static final String SIGNATURE = "X-Keyvault-Backup-Signature";
    static final String TIMESTAMP = "X-Keyvault-Backup-Timestamp";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int TIMED_OUT = 408;
    private static final int MOST_READ = 1 << 16;
    private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z][A-Za-z0-9 _.,:'-]{0,99}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private static final Pattern SEPARATOR = Pattern.compile("[/?&=]");
    private static final int LONGEST_WORD = 8;
    private static final int SHORTEST_SECRET = 3;

    private final WebhookProperties properties;
    private final HttpClient client;
    private final InstantSource clock;

    WebhookWay(WebhookProperties properties, HttpClient client, InstantSource clock) {
        this.properties = properties;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public String name() {
        return properties.name();
    }

    @Override
    public String format() {
        return properties.format().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Wanted wanted() {
        return properties.wanted();
    }

    @Override
    public void send(Message message) throws NotSentException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(properties.format().body(message));
        try {
            HttpResponse<InputStream> answer = client.send(request(body), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream words = answer.body()) { // of a message that was taken nothing is read
                if (answer.statusCode() / 100 != 2) {
                    throw refused(answer, words.readNBytes(MOST_READ));
                }
            }
        } catch (IOException failed) {
            throw new NotSentException(why(failed), true, null);
        } catch (IllegalArgumentException refused) { // its words may hold a header's value
            throw new NotSentException("the request can not be made; look at its headers", false, null);
        }
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(properties.url()))
                .timeout(Post.ONE_TRY)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        properties.headers().forEach(request::setHeader);
        if (properties.secret() != null) {
            String timestamp = String.valueOf(clock.instant().getEpochSecond());
            request.setHeader(TIMESTAMP, timestamp);
            request.setHeader(SIGNATURE, "sha256=" + signature(properties.secret(), timestamp, body));
        }
        return request.build();
    }

    private NotSentException refused(HttpResponse<InputStream> answer, byte[] words) {
        int status = answer.statusCode();
        return new NotSentException(
                "it answered " + status + words(new String(words, StandardCharsets.UTF_8)),
                status == TOO_MANY_REQUESTS || status == TIMED_OUT || status / 100 == 5,
                answer.headers()
                        .firstValue("Retry-After")
                        .filter(value -> SECONDS.matcher(value).matches())
                        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                        .orElse(null));
    }

    /** Over the time, a dot and the body, so that what was sent once can't be sent again much later. */
    static String signature(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("no HMAC-SHA-256", missing);
        }
    }

    /** Such as Slack's no_service. A page of a proxy may repeat what was sent. */
    private String words(String body) {
        String words = body.strip();
        return PLAIN_WORDS.matcher(words).matches() && !isSecret(words) ? ": " + words : "";
    }

    /** What makes an address secret is in the long parts of its path and in its query, not in its host or in words such as services. */
    private boolean isSecret(String words) {
        URI address = URI.create(properties.url());
        return Stream.concat(
                        SEPARATOR
                                .splitAsStream(String.valueOf(address.getRawPath()))
                                .filter(part -> part.length() > LONGEST_WORD),
                        SEPARATOR
                                .splitAsStream(address.getRawQuery() == null ? "" : address.getRawQuery())
                                .filter(part -> part.length() > SHORTEST_SECRET))
                .anyMatch(secret -> words.contains(secret) || secret.contains(words));
    }

    private String why(IOException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String host = URI.create(properties.url()).getHost();
        String message = cause.getMessage();
        return host + " was not reached: "
                + (message == null || isSecret(message) ? cause.getClass().getSimpleName() : message);
    }
}
