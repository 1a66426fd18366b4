package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.web.util.WebUtils;

/** The page that somebody wanted before they logged in: in a cookie of theirs, so that nothing is kept of those who never do. It leads to pages of here alone. */
record RequestedPage(PublicPlace place) implements RequestCache {

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int LONGEST = 2000;

    private String name() {
        return SessionCookie.named("keyvault-backup-page", place);
    }

    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (!request.getMethod().equals("GET")
                || request.getHeader("HX-Request") != null
                || accept == null
                || !accept.contains("text/html")) {
            return;
        }
        String query = request.getQueryString();
        String page = request.getRequestURI() + (query == null ? "" : "?" + query);
        if (page.length() <= LONGEST && isHere(page)) {
            set(
                    response,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(page.getBytes(StandardCharsets.UTF_8)),
                    REMEMBERED);
        }
    }

    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        Cookie cookie = WebUtils.getCookie(request, name());
        if (cookie == null) {
            return null;
        }
        try {
            String page = new String(Base64.getUrlDecoder().decode(cookie.getValue()), StandardCharsets.UTF_8);
            return isHere(page) ? new SimpleSavedRequest(page) : null;
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** A path of here, and nothing that a browser could take for another host. */
    private static boolean isHere(String page) {
        try {
            URI uri = new URI(page);
            return uri.getScheme() == null
                    && uri.getRawAuthority() == null
                    && page.startsWith("/")
                    && !page.startsWith("//")
                    && !page.contains("\\");
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
        if (WebUtils.getCookie(request, name()) != null) {
            set(response, "", Duration.ZERO);
        }
    }

    private void set(HttpServletResponse response, String value, Duration age) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name(), value)
                        .path("/")
                        .httpOnly(true)
                        .secure(place.isHttps())
                        .sameSite("Lax")
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
