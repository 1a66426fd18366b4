package io.keyvaultbackup.emulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where clients of this process get their tokens: the managed-identity protocol of App Service, over plain HTTP on the loopback. One
 * per process, because the SDK reads its address from the environment; it lives as long as the process does.
 */
public final class TokenEndpoint {

    /** What a vault makes of a token. */
    enum Verdict {
        VALID,
        MISSING,
        EXPIRED,
        REVOKED,
        OTHER_AUDIENCE
    }

    /** What App Service's protocol has the secret in. */
    static final String APP_SERVICE_HEADER = "X-IDENTITY-HEADER";

    private static final Duration USUAL_LIFETIME = Duration.ofHours(24);

    private final AccessTokens tokens = new AccessTokens();
    private final AtomicLong issued = new AtomicLong();
    private final HttpServer server;
    private final String secret;
    private volatile Duration lifetime = USUAL_LIFETIME;
    private volatile InstantSource clock = InstantSource.system();
    private final AtomicReference<@Nullable Planned> fault = new AtomicReference<>();
    private volatile CountDownLatch nextOne = new CountDownLatch(1);

    private TokenEndpoint(HttpServer server, String secret) {
        this.server = server;
        this.secret = secret;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/msi/token", this::handle);
        server.start();
    }

    /** The process's own; bound where {@code IDENTITY_ENDPOINT} says if that is free, and anywhere else if not. */
    public static TokenEndpoint shared() {
        return Shared.INSTANCE;
    }

    public URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/msi/token");
    }

    /** The variables with which a child process finds this endpoint. */
    public Map<String, String> environment() {
        return Map.of(
                "IDENTITY_ENDPOINT",
                uri().toString(),
                "IDENTITY_HEADER",
                secret,
                "AZURE_TOKEN_CREDENTIALS",
                "ManagedIdentityCredential");
    }

    /** How many tokens were given out over HTTP. */
    public long issued() {
        return issued.get();
    }

    /** How long tokens given out from now on are valid. Clients fetch anew what has less than five minutes left. */
    public void lifetime(Duration duration) {
        lifetime = duration;
    }

    /** The time by which tokens are issued and expire; vaults judge tokens by it too. */
    public void clock(InstantSource source) {
        clock = source;
    }

    /** What happens to an answer of which the first byte was sent. */
    public enum Fault {
        STALLS,
        BREAKS_OFF
    }

    /** That happens to the next answer; one that stalls does so until somebody asks again, or until {@link #reset()}. */
    public void nextAnswer(Fault itsFault) {
        nextAnswer(itsFault, () -> {});
    }

    /** @param met run once somebody has asked for that answer */
    public void nextAnswer(Fault itsFault, Runnable met) {
        fault.set(new Planned(itsFault, met));
    }

    private record Planned(Fault fault, Runnable met) {}

    /** The number of the newest token, by which a vault remembers what it has revoked. */
    long newest() {
        return tokens.made();
    }

    AccessTokens accessTokens() {
        return tokens;
    }

    Duration lifetime() {
        return lifetime;
    }

    Instant now() {
        return clock.instant();
    }

    /** Back to long lifetimes and the system's time. */
    public void reset() {
        lifetime = USUAL_LIFETIME;
        clock = InstantSource.system();
        fault.set(null);
        nextOne.countDown();
    }

    /** A token without the protocol, for clients that are not the SDK. */
    public String token(String resource) {
        return tokens.issue(resource, clock.instant(), lifetime);
    }

    Verdict judge(@Nullable String authorization, String audience, long lastRevoked) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return Verdict.MISSING;
        }
        AccessTokens.Claims claims = tokens.verified(authorization.substring("Bearer ".length()));
        Instant now = clock.instant();
        if (claims == null || !now.isBefore(claims.expires()) || now.isBefore(claims.notBefore())) {
            return Verdict.EXPIRED;
        }
        if (!claims.audience().contains(audience)) {
            return Verdict.OTHER_AUDIENCE;
        }
        return claims.number() <= lastRevoked ? Verdict.REVOKED : Verdict.VALID;
    }

    private void handle(HttpExchange exchange) throws IOException {
        nextOne.countDown();
        try (exchange) {
            Planned planned = fault.getAndSet(null);
            if (planned != null) {
                planned.met().run();
                beginAnswer(exchange, planned.fault());
                return;
            }
            send(
                    exchange,
                    answer(
                            exchange.getRequestHeaders().getFirst(APP_SERVICE_HEADER),
                            exchange.getRequestURI().getRawQuery()));
        }
    }

    private void beginAnswer(HttpExchange exchange, Fault itsFault) throws IOException {
        CountDownLatch stalled = new CountDownLatch(itsFault == Fault.STALLS ? 1 : 0);
        nextOne = stalled;
        exchange.sendResponseHeaders(200, 1_000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            stalled.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What is answered to who asks for a token.
     *
     * @param header the secret that the request brings, if any
     */
    Answer answer(@Nullable String header, @Nullable String queryText) {
        String resource = Router.route("GET", "/", queryText).query().get("resource");
        if (!secret.equals(header)) {
            return Answer.json(401, Map.of("statusCode", 401, "message", "The identity header is missing or wrong."));
        }
        return resource == null
                ? Answer.json(400, Map.of("statusCode", 400, "message", "The resource is missing."))
                : Answer.json(200, grant(resource));
    }

    String secret() {
        return secret;
    }

    private Map<String, Object> grant(String resource) {
        Instant now = clock.instant();
        Duration validity = lifetime;
        issued.incrementAndGet();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", tokens.issue(resource, now, validity));
        body.put("expires_on", Long.toString(now.plus(validity).getEpochSecond()));
        body.put("resource", resource);
        body.put("token_type", "Bearer");
        body.put("client_id", "00000000-0000-0000-0000-00000000000a");
        return body;
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    /** Made on first use. */
    private static final class Shared {

        static final TokenEndpoint INSTANCE = start();

        private static TokenEndpoint start() {
            String secret = Objects.requireNonNullElseGet(
                    System.getenv("IDENTITY_HEADER"), () -> UUID.randomUUID().toString());
            return new TokenEndpoint(bind(), secret);
        }

        private static HttpServer bind() {
            try {
                String wanted = System.getenv("IDENTITY_ENDPOINT");
                if (wanted != null) {
                    URI uri = URI.create(wanted);
                    InetAddress host = InetAddress.getByName(uri.getHost());
                    if (host.isLoopbackAddress()) {
                        try {
                            return at(host, uri.getPort());
                        } catch (BindException taken) {
                            return at(host, 0);
                        }
                    }
                }
                return at(InetAddress.getLoopbackAddress(), 0);
            } catch (IOException broken) {
                throw new UncheckedIOException("The token endpoint could not be started", broken);
            }
        }

        private static HttpServer at(InetAddress host, int port) throws IOException {
            return HttpServer.create(new InetSocketAddress(host, port), 0);
        }
    }
}
