package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.util.Set;
import org.springframework.boot.web.servlet.ServletContextInitializer;

/**
 * The session's cookie: no script reads it, it comes with no request of another site but with the way back from the provider, and where people come by HTTPS it
 * goes nowhere else and no other host can set it.
 */
record SessionCookie(PublicPlace place) implements ServletContextInitializer {

    /** Of a login that has only begun; a finished one has {@link SessionAge}'s. */
    private static final int MINUTES_TO_LOG_IN = 10;

    static String named(String name, PublicPlace place) {
        return place.isHttps() ? "__Host-" + name : name;
    }

    @Override
    public void onStartup(ServletContext context) {
        SessionCookieConfig cookie = context.getSessionCookieConfig();
        cookie.setName(named("keyvault-backup", place));
        cookie.setHttpOnly(true);
        cookie.setSecure(place.isHttps());
        cookie.setPath("/");
        cookie.setAttribute("SameSite", "Lax");
        context.setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        context.setSessionTimeout(MINUTES_TO_LOG_IN);
    }
}
