package io.keyvaultbackup.dashboard.access;

import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import tools.jackson.databind.json.JsonMapper;

/** What the API says to whoever may not ask it, as problem+json. */
final class ApiRefusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final JsonMapper JSON = new JsonMapper();

    private final Audit audit;

    ApiRefusals(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        if (failed instanceof NotLetInException refused && refused.why() != LoginRefusal.PROVIDER) {
            audit.refused(null, request, "token", refused.why().word());
            write(
                    response,
                    HttpStatus.FORBIDDEN,
                    refused.why().what(),
                    refused.why().whatToDo());
        } else if (failed instanceof NotLetInException || isTheProvidersFault(failed)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "10");
            write(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    LoginRefusal.PROVIDER.what(),
                    LoginRefusal.PROVIDER.whatToDo());
        } else if (failed instanceof InvalidBearerTokenException || failed instanceof AuthenticationServiceException) {
            audit.refused(null, request, "token", "no good token");
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            write(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "The bearer token is not one of this dashboard's provider, or not for this dashboard, or it has expired.",
                    "Get a new one for this dashboard's audience.");
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            write(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "Nobody is logged in.",
                    "Send a bearer token of the provider, or log in.");
        }
    }

    /** Somebody who makes up tokens may not make us ask the provider for its keys each time; they are wrong, and not it. */
    private static boolean isTheProvidersFault(AuthenticationException failed) {
        if (!(failed instanceof AuthenticationServiceException)) {
            return false;
        }
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof RateLimitReachedException) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        PageRefusals.note(audit, request);
        write(
                response,
                HttpStatus.FORBIDDEN,
                denied instanceof CsrfException
                        ? "A request of a session proves by X-CSRF-TOKEN that a page of here made it."
                        : "Your role does not allow this.",
                denied instanceof CsrfException
                        ? "Send the page's token as X-CSRF-TOKEN, or use a bearer token."
                        : "Ask whoever runs this dashboard for the role that does.");
    }

    private static void write(HttpServletResponse response, HttpStatus status, String detail, String advice)
            throws IOException {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        problem.put("advice", advice);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(JSON.writeValueAsBytes(problem)); // as bytes: JSON has no charset to be named
    }
}
