package io.keyvaultbackup.dashboard.access;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Somebody who logged in at the provider. Keeps all grants; Spring Security's own user keeps one of each role. Immutable. */
final class ProviderPerson implements OidcUser {

    private final OidcIdToken token;
    private final List<Grant> grants;

    ProviderPerson(OidcIdToken token, Collection<Grant> grants) {
        this.token = token;
        this.grants = List.copyOf(grants);
    }

    @Override
    public String getName() {
        return Objects.requireNonNullElse(token.getSubject(), "?");
    }

    @Override
    public OidcIdToken getIdToken() {
        return token;
    }

    @Override
    public Map<String, Object> getClaims() {
        return token.getClaims();
    }

    @Override
    public Map<String, Object> getAttributes() {
        return token.getClaims();
    }

    @Override
    public @Nullable OidcUserInfo getUserInfo() {
        return null;
    }

    @Override
    public Collection<Grant> getAuthorities() {
        return grants;
    }
}
