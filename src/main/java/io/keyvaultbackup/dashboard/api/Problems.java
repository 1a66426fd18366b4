package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.dashboard.request.NotAskedException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** What a resource could not answer, as <a href="https://www.rfc-editor.org/rfc/rfc9457">problem+json</a>, with {@code advice}: what to do. */
@RestControllerAdvice(basePackageClasses = Problems.class)
final class Problems {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> problem(Problem problem) {
        return answer(problem.status(), problem.what(), problem.advice());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notAsked(NotAskedException refused) {
        return answer(refused.status(), refused.what(), refused.advice());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noJson(HttpMessageNotReadableException wrong) {
        return answer(HttpStatus.BAD_REQUEST, "body: it can not be read as JSON", "Correct the body.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> anotherFormat(HttpMediaTypeNotSupportedException wrong) {
        return answer(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "body: " + wrong.getContentType() + " is not read here",
                "Send application/json, or no body.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noSuchForm(HttpMediaTypeNotAcceptableException wrong) {
        return answer(
                HttpStatus.NOT_ACCEPTABLE,
                "None of what is asked for in Accept can be answered here.",
                "Accept application/json, or leave it out.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> wrongParameter(MethodArgumentTypeMismatchException wrong) {
        return answer(
                HttpStatus.BAD_REQUEST,
                wrong.getName() + ": it can not be read as " + expected(wrong.getRequiredType()),
                "Correct " + wrong.getName() + ".");
    }

    private static String expected(@Nullable Class<?> type) {
        return type == null
                ? "what it should be"
                : type == Integer.class || type == Long.class ? "a number" : "a " + type.getSimpleName();
    }

    private static ResponseEntity<ProblemDetail> answer(HttpStatus status, String what, String advice) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, what);
        problem.setProperty("advice", advice);
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
