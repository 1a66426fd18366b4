package io.keyvaultbackup.emulator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes and checks access tokens: real JWTs, signed with a key of this process. A token's signature is checked once. */
final class AccessTokens {

    static final String TENANT = "00000000-0000-0000-0000-00000000000c";

    /** What a valid signature vouches for; the number counts the tokens of this process. */
    record Claims(List<String> audience, Instant notBefore, Instant expires, long number) {}

    private final ECKey key;
    private final ECDSASigner signer;
    private final ECDSAVerifier verifier;
    private final AtomicLong made = new AtomicLong();
    private final Map<String, Claims> known = new ConcurrentHashMap<>();

    AccessTokens() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("emulator").generate();
            signer = new ECDSASigner(key);
            verifier = new ECDSAVerifier(key.toPublicJWK());
        } catch (JOSEException broken) {
            throw new IllegalStateException("The key that signs tokens could not be made", broken);
        }
    }

    long made() {
        return made.get();
    }

    String issue(String resource, Instant now, Duration lifetime) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("https://sts.windows.net/" + TENANT + "/")
                .audience(resource)
                .subject("00000000-0000-0000-0000-00000000000b")
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now.minusSeconds(5)))
                // In whole seconds, rounded up: who counts the lifetime from the answer on renews it before it ends.
                .expirationTime(Date.from(now.plus(lifetime).plusMillis(999)))
                .jwtID(Long.toString(made.incrementAndGet()))
                .claim("appid", "00000000-0000-0000-0000-00000000000a")
                .claim("oid", "00000000-0000-0000-0000-00000000000b")
                .claim("tid", TENANT)
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(signer);
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
        return token.serialize();
    }

    /** What the token says; null if this process has not signed it. */
    @Nullable
    Claims verified(String token) {
        Claims claims = known.get(token);
        if (claims == null) {
            claims = verify(token);
            if (claims != null) {
                known.put(token, claims);
            }
        }
        return claims;
    }

    private @Nullable Claims verify(String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!token.verify(verifier)) {
                return null;
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            return new Claims(
                    claims.getAudience(),
                    claims.getNotBeforeTime().toInstant(),
                    claims.getExpirationTime().toInstant(),
                    Long.parseLong(claims.getJWTID()));
        } catch (ParseException | JOSEException | IllegalArgumentException foreign) {
            return null;
        }
    }
}
