package io.keyvaultbackup.dashboard.access;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Reads the provider's tokens: signed with one of its keys, by an algorithm with a private key (never by none, nor with a shared secret), in time, of this
 * issuer, and meant for here. Safe for use by many threads.
 */
final class ProviderTokens {

    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(
            SignatureAlgorithm.RS256,
            SignatureAlgorithm.RS384,
            SignatureAlgorithm.RS512,
            SignatureAlgorithm.PS256,
            SignatureAlgorithm.PS384,
            SignatureAlgorithm.PS512,
            SignatureAlgorithm.ES256,
            SignatureAlgorithm.ES384,
            SignatureAlgorithm.ES512);

    private static final Duration OTHER_CLOCKS = Duration.ofMinutes(1);

    private final Provider provider;
    private final AccessProperties properties;
    private final Clock clock;
    private volatile @Nullable JwtDecoder bearer;

    ProviderTokens(Provider provider, AccessProperties properties, InstantSource clock) {
        this.provider = provider;
        this.properties = properties;
        this.clock = clock.withZone(ZoneOffset.UTC);
    }

    ClientRegistration registration() {
        return provider.found().registration();
    }

    /** What a login gives. */
    JwtDecoder ofLogins(ClientRegistration registration) {
        OidcIdTokenValidator validator = new OidcIdTokenValidator(registration);
        validator.setClock(clock);
        validator.setClockSkew(OTHER_CLOCKS);
        return decoder(List.of(validator));
    }

    /** What comes with a request to the API. What a login gives is none of it, and is told by the login's own number in it. */
    Jwt read(String token) {
        return ofRequests().decode(token);
    }

    private JwtDecoder ofRequests() {
        JwtDecoder known = bearer;
        if (known == null) {
            String audience =
                    Objects.requireNonNullElse(properties.audience(), Objects.requireNonNull(properties.clientId()));
            known = decoder(List.of(
                    new JwtIssuerValidator(Objects.requireNonNull(properties.issuer())),
                    new JwtClaimValidator<List<String>>(
                            JwtClaimNames.AUD, meant -> meant != null && meant.contains(audience)),
                    new JwtClaimValidator<>(JwtClaimNames.EXP, Objects::nonNull),
                    ProviderTokens::refuseLogins));
            bearer = known;
        }
        return known;
    }

    private static OAuth2TokenValidatorResult refuseLogins(Jwt token) {
        return token.hasClaim("nonce")
                ? OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", "what a login gives", null))
                : OAuth2TokenValidatorResult.success();
    }

    private JwtDecoder decoder(List<OAuth2TokenValidator<Jwt>> validators) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(
                        provider.found().keys())
                .jwsAlgorithms(algorithms -> algorithms.addAll(ALGORITHMS))
                .build();
        JwtTimestampValidator inTime = new JwtTimestampValidator(OTHER_CLOCKS);
        inTime.setClock(clock);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                Stream.concat(Stream.of(inTime), validators.stream()).toList()));
        return decoder;
    }
}
