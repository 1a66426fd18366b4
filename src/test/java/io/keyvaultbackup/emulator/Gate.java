package io.keyvaultbackup.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** Who is let in, how others are refused, and the headers that every answer has. */
final class Gate {

    private static final String RESOURCE = "https://vault.azure.net";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final List<HttpField> FIXED = List.of(
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8"),
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache"),
            new PreEncodedHttpField(HttpHeader.PRAGMA, "no-cache"),
            new PreEncodedHttpField(HttpHeader.EXPIRES, "-1"),
            new PreEncodedHttpField("x-ms-keyvault-service-version", "1.9.3000.1"),
            new PreEncodedHttpField(
                    "x-ms-keyvault-network-info", "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;"),
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("Strict-Transport-Security", "max-age=31536000;includeSubDomains"));

    private record DateField(long second, HttpField field) {}

    private final TokenEndpoint tokens;
    private final InstantSource clock;
    private final RateLimiter limiter;
    private final HttpField region;
    private volatile long lastRevoked;
    private volatile DateField date = new DateField(Long.MIN_VALUE, new HttpField(HttpHeader.DATE, ""));

    Gate(TokenEndpoint tokens, VaultSettings settings, RateLimiter limiter) {
        this.tokens = tokens;
        this.clock = settings.clock();
        this.limiter = limiter;
        this.region = new PreEncodedHttpField("x-ms-keyvault-region", settings.geography());
    }

    /** The answer to a request that has no valid token; null for one that has. */
    @Nullable
    Answer refusal(@Nullable String authorization) {
        return switch (tokens.judge(authorization, RESOURCE, lastRevoked)) {
            case VALID -> null;
            case MISSING -> challenge(ServiceError.unauthorized(), "");
            case EXPIRED -> challenge(ServiceError.tokenExpired(), "");
            case OTHER_AUDIENCE -> challenge(ServiceError.invalidAudience(), "");
            case REVOKED -> challenge(ServiceError.tokenExpired(), claims());
        };
    }

    void revokeTokens() {
        lastRevoked = tokens.newest();
    }

    Answer throttled() {
        Answer answer = ServiceError.throttled().answer();
        Duration retryAfter = limiter.retryAfter();
        return retryAfter == null ? answer : answer.withHeader("Retry-After", Long.toString(retryAfter.toSeconds()));
    }

    List<HttpField> usualHeaders() {
        var random = ThreadLocalRandom.current();
        var id = new UUID(random.nextLong(), random.nextLong());
        return List.of(date(), region, new HttpField("x-ms-request-id", id.toString()));
    }

    static List<HttpField> fixedHeaders() {
        return FIXED;
    }

    private HttpField date() {
        var now = clock.instant();
        DateField current = date;
        if (current.second() != now.getEpochSecond()) {
            current = new DateField(
                    now.getEpochSecond(), new PreEncodedHttpField(HttpHeader.DATE, HTTP_DATE.format(now)));
            date = current;
        }
        return current.field();
    }

    private static Answer challenge(ServiceError error, String more) {
        return error.answer()
                .withHeader(
                        "WWW-Authenticate",
                        "Bearer authorization=\"https://login.windows.net/" + AccessTokens.TENANT + "\", resource=\""
                                + RESOURCE + "\"" + more);
    }

    private String claims() {
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\""
                + clock.instant().getEpochSecond() + "\"}}}";
        return ", error=\"insufficient_claims\", claims=\""
                + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.US_ASCII)) + "\"";
    }
}
