package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.web.filter.OncePerRequestFilter;

/** Ends sessions that are too old, or were left alone for too long. */
final class SessionAge extends OncePerRequestFilter {

    private static final String SINCE = SessionAge.class.getName() + ".since";
    private static final String LAST = SessionAge.class.getName() + ".last";

    private final Duration idle;
    private final Duration longest;
    private final InstantSource clock;

    SessionAge(AccessProperties properties, InstantSource clock) {
        this.idle = properties.idle();
        this.longest = properties.session();
        this.clock = clock;
    }

    /** Of a login: from now on it counts. */
    void begin(HttpSession session) {
        session.setAttribute(SINCE, clock.instant());
        session.setAttribute(LAST, clock.instant());
        // The server removes it some time later, so that a session that nobody comes back to takes no room.
        session.setMaxInactiveInterval(Math.toIntExact(idle.toSeconds() + 60));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute(SINCE) instanceof Instant since) {
            Instant now = clock.instant();
            if (!now.isBefore(since.plus(longest))
                    || (session.getAttribute(LAST) instanceof Instant last && !now.isBefore(last.plus(idle)))) {
                session.invalidate();
            } else {
                session.setAttribute(LAST, now);
            }
        }
        chain.doFilter(request, response);
    }
}
