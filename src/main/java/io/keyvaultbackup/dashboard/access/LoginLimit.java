package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets nobody guess: five attempts with a password a minute from one address, 30 in all. Beginning a login at the provider keeps something in memory for some
 * minutes; of those there are 60 a minute from one address.
 */
final class LoginLimit extends OncePerRequestFilter {

    static final String BEGINNING = "/oauth2/authorization/" + Provider.ID;

    /** As Spring Security matches them: a path may be written in more than one way. */
    private static final RequestMatcher PASSWORD =
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/login");

    private static final RequestMatcher BEGUN =
            PathPatternRequestMatcher.withDefaults().matcher(BEGINNING);

    private final Attempts passwords;
    private final Attempts beginnings;

    LoginLimit(InstantSource clock) {
        this.passwords = new Attempts(5, 30, clock);
        this.beginnings = new Attempts(60, 600, clock);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Duration> wait = Optional.empty();
        if (isPassword(request)) {
            wait = passwords.another(request.getRemoteAddr());
        } else if (BEGUN.matches(request)) {
            wait = beginnings.another(request.getRemoteAddr());
        }
        if (wait.isPresent()) {
            refuse(response, wait.get().toSeconds() + 1);
        } else {
            chain.doFilter(request, response);
        }
    }

    static boolean isPassword(HttpServletRequest request) {
        return PASSWORD.matches(request);
    }

    /** Of a login that succeeded. */
    void forget(HttpServletRequest request) {
        passwords.takeBack(request.getRemoteAddr());
    }

    private static void refuse(HttpServletResponse response, long seconds) throws IOException {
        response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        response.setContentType(MediaType.TEXT_HTML_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter()
                .write("<!DOCTYPE html><html lang=\"en\"><head><title>Too many attempts</title></head><body><main>"
                        + "<h1>Too many attempts to log in</h1><p>Try again in " + seconds
                        + " seconds.</p><p><a href=\"/login\">Log in</a></p></main></body></html>");
    }
}
