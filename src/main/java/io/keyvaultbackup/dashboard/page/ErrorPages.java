package io.keyvaultbackup.dashboard.page;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * What is said in place of an answer: to people a page, to callers of the API a problem. Neither tells what went wrong inside, which is in the log.
 */
@Controller
final class ErrorPages implements ErrorController {

    /** @param advice what to do now */
    record Words(String title, String advice) {}

    @RequestMapping("/error")
    Object error(HttpServletRequest request) {
        HttpStatus status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        if (path.equals("/api") || path.startsWith("/api/")) {
            Words words = wordsForPrograms(status);
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, words.title());
            problem.setProperty("advice", words.advice());
            return ResponseEntity.status(status)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(problem);
        }
        return page(status, words(status));
    }

    static ModelAndView page(HttpStatus status, Words words) {
        ModelAndView page = new ModelAndView("problem");
        page.setStatus(status);
        page.addObject("code", status.value());
        page.addObject("problem", words);
        return page;
    }

    private static HttpStatus status(@Nullable Object code) {
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
        return status == null ? HttpStatus.NOT_FOUND : status; // asked for by its own address, it is no page
    }

    private static Words wordsForPrograms(HttpStatus status) {
        return switch (status) {
            case METHOD_NOT_ALLOWED ->
                new Words("Nothing is done with that method here.", "Use one that the header Allow names.");
            case BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE ->
                new Words(
                        "The request makes no sense here.", "Correct it: /api/v1/openapi.json says what is asked how.");
            default -> words(status);
        };
    }

    private static Words words(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND ->
                new Words(
                        "There is nothing here.",
                        "The address may be mistyped, or name a vault or run that is not known or that you may not see.");
            case FORBIDDEN ->
                new Words("You may not do that.", "Ask whoever runs this dashboard for the role that may.");
            case METHOD_NOT_ALLOWED, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE ->
                new Words(
                        "The request makes no sense here.",
                        "Go back and try again; if it stays, reload the page before.");
            case TOO_MANY_REQUESTS -> new Words("Too many attempts.", "Wait a minute and try again.");
            default ->
                status.is4xxClientError()
                        ? new Words("That did not work.", "Go back and try again.")
                        : new Words(
                                "Something went wrong.",
                                "Try again in a minute. The log of keyvault-backup serve says what happened; backups do not"
                                        + " depend on it.");
        };
    }
}
