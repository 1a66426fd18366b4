package io.keyvaultbackup.emulator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An application registered at an {@link EntraAuthority}, with what it may prove itself by. Safe for use by many threads. */
public final class EntraApplication {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final String clientId;
    private final AccessTokens tokens;
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Set<String> expiredSecrets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable X509Certificate certificate;
    private volatile @Nullable String federatedAudience;

    EntraApplication(String clientId, AccessTokens tokens) {
        this.clientId = clientId;
        this.tokens = tokens;
    }

    public EntraApplication secret(String value) {
        secrets.add(value);
        return this;
    }

    public EntraApplication expiredSecret(String value) {
        expiredSecrets.add(value);
        return this;
    }

    /** A certificate with an RSA key, by whose assertions it may prove itself. */
    public EntraApplication certificate(X509Certificate value) {
        certificate = value;
        return this;
    }

    /** Lets tokens prove it that the cluster gives out: {@link EntraAuthority#federatedToken}. */
    public EntraApplication federated(String audience) {
        federatedAudience = audience;
        return this;
    }

    /** Null if the request proves that it is from this application. */
    @Nullable
    EntraError refusal(Map<String, String> form, Instant now) {
        String secret = form.get("client_secret");
        if (secret != null) {
            return secrets.contains(secret) ? null : EntraError.secret(clientId, expiredSecrets.contains(secret));
        }
        String assertion = form.get("client_assertion");
        if (assertion == null || !ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
            return EntraError.noCredential();
        }
        return isSignedByCertificate(assertion, now) || isFederated(assertion, now)
                ? null
                : EntraError.assertion(clientId);
    }

    private boolean isSignedByCertificate(String assertion, Instant now) {
        X509Certificate own = certificate;
        if (own == null || !(own.getPublicKey() instanceof RSAPublicKey key)) {
            return false;
        }
        try {
            SignedJWT token = SignedJWT.parse(assertion);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            JWSVerifier verifier = new RSASSAVerifier(key);
            return token.verify(verifier)
                    && clientId.equals(claims.getSubject())
                    && clientId.equals(claims.getIssuer())
                    && now.isBefore(claims.getExpirationTime().toInstant());
        } catch (ParseException | JOSEException foreign) {
            return false;
        }
    }

    private boolean isFederated(String assertion, Instant now) {
        String audience = federatedAudience;
        AccessTokens.Claims claims = audience == null ? null : tokens.verified(assertion);
        return claims != null && claims.audience().contains(audience) && now.isBefore(claims.expires());
    }
}
