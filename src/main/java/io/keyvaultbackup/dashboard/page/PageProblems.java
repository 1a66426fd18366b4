package io.keyvaultbackup.dashboard.page;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** What a page shows in place of itself where a source does not tell. */
@ControllerAdvice(basePackageClasses = PageProblems.class)
final class PageProblems {

    @ExceptionHandler
    ModelAndView missing(SourceMissingException missing) {
        return ErrorPages.page(HttpStatus.SERVICE_UNAVAILABLE, missing.words());
    }
}
