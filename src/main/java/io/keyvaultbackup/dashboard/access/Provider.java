package io.keyvaultbackup.dashboard.access;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenID Connect provider, asked for where it has what, and for its keys, when that is first needed: a dashboard starts without it. Safe for use by many
 * threads.
 */
final class Provider {

    static final String ID = "oidc";

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofSeconds(5);
    private static final Duration FOR_ANOTHER = Duration.ofSeconds(2);
    private static final Duration KEYS_LAST = Duration.ofHours(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final AccessProperties properties;
    private final PublicPlace place;
    private final HttpClient client;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Found found;
    private @Nullable Instant failedAt;

    /** What the provider said of itself. */
    record Found(ClientRegistration registration, JWKSource<SecurityContext> keys) {}

    Provider(AccessProperties properties, PublicPlace place, HttpClient client, InstantSource clock) {
        this.properties = properties;
        this.place = place;
        this.client = client;
        this.clock = clock;
    }

    /**
     * @throws NotLetInException if it cannot be reached, or is another than it should be; whoever comes right after, or while somebody else has been waiting for
     *     its answer for a while, is told so without another try
     */
    Found found() {
        Found known = found;
        if (known != null) {
            return known;
        }
        if (!isMyTurn()) {
            throw new NotLetInException(LoginRefusal.PROVIDER);
        }
        try {
            return foundAlone();
        } finally {
            asking.unlock();
        }
    }

    private boolean isMyTurn() {
        try {
            return asking.tryLock(FOR_ANOTHER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Found foundAlone() {
        Found known = found;
        if (known != null) {
            return known;
        }
        if (failedAt != null && clock.instant().isBefore(failedAt.plus(BEFORE_ASKING_AGAIN))) {
            throw new NotLetInException(LoginRefusal.PROVIDER);
        }
        try {
            Found first = find();
            found = first;
            return first;
        } catch (IOException | IllegalArgumentException | JacksonException failed) {
            failedAt = clock.instant();
            LOG.warn(
                    "nobody can log in: the provider {} does not say where it has what: {}",
                    properties.issuer(),
                    failed.toString());
            throw new NotLetInException(LoginRefusal.PROVIDER, failed);
        }
    }

    private Found find() throws IOException {
        String issuer = Objects.requireNonNull(properties.issuer());
        Map<String, Object> said = JSON.readValue(
                get(URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration")),
                new TypeReference<>() {});
        if (!issuer.equals(said.get("issuer"))) {
            throw new IOException("it calls itself " + said.get("issuer")
                    + "; keyvault-backup.dashboard.access.issuer has to be the same, to the letter");
        }
        ClientRegistration registration = ClientRegistrations.fromOidcConfiguration(said)
                .registrationId(ID)
                .clientId(Objects.requireNonNull(properties.clientId()))
                .clientSecret(properties.clientSecret())
                .clientAuthenticationMethod(
                        properties.clientSecret() == null
                                ? ClientAuthenticationMethod.NONE
                                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .redirectUri((place.url() == null ? "{baseUrl}" : place.url()) + "/login/oauth2/code/" + ID)
                .scope("openid", "profile", "email")
                .build();
        URL keys = URI.create(
                        Objects.requireNonNull(registration.getProviderDetails().getJwkSetUri(), "jwks_uri"))
                .toURL();
        return new Found(
                registration,
                JWKSourceBuilder.<SecurityContext>create(
                                keys, address -> new Resource(get(URI.create(address.toString())), null))
                        .refreshAheadCache(false)
                        .outageTolerant(KEYS_LAST.toMillis())
                        .build());
    }

    private String get(URI address) throws IOException {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(PATIENCE)
                            .header("Accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(address + " answers " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ended);
        }
    }
}
