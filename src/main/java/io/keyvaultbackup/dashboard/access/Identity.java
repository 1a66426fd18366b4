package io.keyvaultbackup.dashboard.access;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Who somebody is by what they showed. */
record Identity(String name, String subject, Person.Way way) {

    static Identity of(Authentication authentication) {
        if (authentication instanceof JwtAuthenticationToken token) {
            return of(token.getToken().getClaims(), Person.Way.TOKEN);
        }
        if (authentication.getPrincipal() instanceof OidcUser user) {
            return of(user.getIdToken().getClaims(), Person.Way.SESSION);
        }
        return new Identity(authentication.getName(), authentication.getName(), Person.Way.PASSWORD);
    }

    private static Identity of(Map<String, Object> claims, Person.Way way) {
        String subject = Objects.requireNonNullElse(text(claims.get("sub")), "?");
        String name = Stream.of("preferred_username", "email")
                .map(claim -> text(claims.get(claim)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(subject);
        return new Identity(name, subject, way);
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String text && !text.isBlank() ? text : null;
    }

    /** A name can be chosen in some providers, a subject in none; the subject comes first, as what is too long is cut off at the end. */
    String full() {
        return name.equals(subject) ? name : "[" + subject + "] " + name;
    }
}
