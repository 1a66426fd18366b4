package io.keyvaultbackup.notification;

import java.io.IOException;
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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
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
        HttpResponse<String> answer;
        try {
            answer = client.send(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_READ));
        } catch (IOException failed) {
            throw new NotSentException(why(failed), true, null);
        } catch (IllegalArgumentException refused) { // such as a header that the client sets itself
            throw new NotSentException("the request can not be made; look at its headers", false, null);
        }
        int status = answer.statusCode();
        if (status / 100 != 2) {
            throw new NotSentException(
                    "it answered " + status + words(answer.body()),
                    status == TOO_MANY_REQUESTS || status == TIMED_OUT || status / 100 == 5,
                    answer.headers()
                            .firstValue("Retry-After")
                            .filter(value -> SECONDS.matcher(value).matches())
                            .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                            .orElse(null));
        }
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
    private String words(@Nullable String body) {
        String words = body == null ? "" : body.strip();
        return PLAIN_WORDS.matcher(words).matches() && !isSecret(words) ? ": " + words : "";
    }

    private boolean isSecret(String words) {
        return properties.url().contains(words)
                || Pattern.compile("[/?&=]")
                        .splitAsStream(URI.create(properties.url()).getRawSchemeSpecificPart())
                        .filter(part -> part.length() > 3)
                        .anyMatch(words::contains);
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
