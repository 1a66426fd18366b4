package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.Reading;

/** A page can not be shown, as one of the sources does not tell. {@link PageProblems} says so, and what to do. */
final class SourceMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String advice;

    SourceMissingException(Reading.Missing<?> gap) {
        super(gap.why());
        this.advice = gap.advice();
    }

    ErrorPages.Words words() {
        return new ErrorPages.Words(String.valueOf(getMessage()), advice);
    }
}
