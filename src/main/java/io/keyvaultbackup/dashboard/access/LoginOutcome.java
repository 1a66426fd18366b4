package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/** What follows a login, good or not, and a logout: it is written down, the session's time begins, and people get to where they wanted to go. */
final class LoginOutcome implements AuthenticationSuccessHandler, AuthenticationFailureHandler, LogoutHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoginOutcome.class);

    private final Audit audit;
    private final SessionAge sessions;
    private final LoginLimit limit;
    private final SavedRequestAwareAuthenticationSuccessHandler onward =
            new SavedRequestAwareAuthenticationSuccessHandler();

    LoginOutcome(Audit audit, SessionAge sessions, LoginLimit limit, RequestedPage requested) {
        this.audit = audit;
        this.sessions = sessions;
        this.limit = limit;
        onward.setRequestCache(requested);
        onward.setDefaultTargetUrl("/");
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException, ServletException {
        if (LoginLimit.isPassword(request)) {
            limit.forget(request);
        }
        sessions.begin(request.getSession());
        audit.tell(Person.of(authentication), request, "login");
        onward.onAuthenticationSuccess(request, response, authentication);
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        LoginRefusal why = LoginRefusal.of(failed);
        if (audit.refused(null, request, "login", why.word()) && why == LoginRefusal.FAILED) {
            LOG.warn("a login failed: {}", oneLine(failed));
        }
        response.sendRedirect("/login?refused=" + why.word());
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        if (authentication != null) {
            audit.tell(Person.of(authentication), request, "logout");
        }
    }

    /** What the provider said came through a browser. */
    private static String oneLine(AuthenticationException failed) {
        String said = String.valueOf(failed.getMessage()).replaceAll("\\p{Cntrl}", "?");
        return said.substring(0, Math.min(said.length(), 500));
    }
}
