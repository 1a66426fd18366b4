package io.keyvaultbackup.dashboard.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** What a browser is told that may not see a page: to log in, or that its user may not. A part of a page (htmx) cannot show the login; the page goes there. */
final class PageRefusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final Audit audit;

    PageRefusals(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Redirect", "/login");
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
        } else {
            response.sendRedirect("/login");
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        note(audit, request);
        response.sendError(HttpStatus.FORBIDDEN.value());
    }

    /** Of somebody who is known; whoever is not may have been sent by another site. */
    static void note(Audit audit, HttpServletRequest request) {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        if (known != null && known.getAuthorities().stream().anyMatch(Grant.class::isInstance)) {
            audit.refused(Person.of(known), request, "refused", request.getMethod() + " " + request.getRequestURI());
        }
    }
}
