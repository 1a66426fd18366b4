package io.keyvaultbackup.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.TokenCache;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * Answers a claims challenge (CAE) with a new token. The SDK passes the claims to no managed identity: it would give out the token
 * that was just refused, until it expires. So what the process has cached for managed identities is marked as expired first, by way
 * of the cache's written form: it has no other for that.
 */
final class FreshTokens implements TokenCredential {

    private static final Pattern EXPIRY = Pattern.compile("\"expires_on\"\\s*:\\s*\"?\\d+\"?");
    private static final String LONG_AGO = "\"expires_on\":\"1\"";

    private final TokenCredential credential;

    FreshTokens(TokenCredential credential) {
        this.credential = credential;
    }

    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
        return Mono.defer(() -> {
            forgetIfChallenged(request);
            return credential.getToken(request);
        });
    }

    @Override
    public AccessToken getTokenSync(TokenRequestContext request) {
        forgetIfChallenged(request);
        return credential.getTokenSync(request);
    }

    private static void forgetIfChallenged(TokenRequestContext request) {
        if (request.getClaims() != null) {
            TokenCache cache = ManagedIdentityApplication.getSharedTokenCache();
            cache.deserialize(EXPIRY.matcher(cache.serialize()).replaceAll(LONG_AGO));
        }
    }
}
