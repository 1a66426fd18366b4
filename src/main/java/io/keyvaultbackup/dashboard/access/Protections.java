package io.keyvaultbackup.dashboard.access;

import java.time.InstantSource;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/** What protects every page and the API, whoever asks: headers, the age of sessions, and proof that a request was made by a page of here. */
final class Protections {

    /** Nothing from elsewhere, nothing inline, nothing that frames it or that a form sends elsewhere. */
    private static final String CONTENT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final long YEAR = 31_536_000;

    private final PublicPlace place;
    private final SessionAge sessions;
    private final LoginLimit limit;

    Protections(PublicPlace place, AccessProperties properties, InstantSource clock) {
        this.place = place;
        this.sessions = new SessionAge(properties, clock);
        this.limit = new LoginLimit(clock);
    }

    SessionAge sessions() {
        return sessions;
    }

    LoginLimit limit() {
        return limit;
    }

    HttpSecurity on(HttpSecurity http) {
        return http.addFilterBefore(sessions, SecurityContextHolderFilter.class)
                .csrf(csrf -> csrf.csrfTokenRepository(tokens()))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                        .crossOriginOpenerPolicy(policy ->
                                policy.policy(CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy.SAME_ORIGIN))
                        .httpStrictTransportSecurity(strict -> {
                            // What ends TLS is in front of this process, to which each request looks like plain HTTP.
                            if (place.isHttps()) {
                                strict.requestMatcher(AnyRequestMatcher.INSTANCE)
                                        .maxAgeInSeconds(YEAR)
                                        .includeSubDomains(false);
                            } else {
                                strict.disable();
                            }
                        }));
    }

    /** In a cookie, not in a session: nothing is kept of those who only look at the login page. */
    private CookieCsrfTokenRepository tokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName(SessionCookie.named("keyvault-backup-csrf", place));
        tokens.setHeaderName("X-CSRF-TOKEN");
        tokens.setCookiePath("/");
        tokens.setCookieCustomizer(
                cookie -> cookie.httpOnly(true).secure(place.isHttps()).sameSite("Lax"));
        return tokens;
    }
}
