package io.keyvaultbackup.dashboard.access;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What somebody may not see is not there for them: the answer is the one for what does not exist. */
@ResponseStatus(HttpStatus.NOT_FOUND)
public final class NotVisibleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotVisibleException() {
        super("not there", null, false, false);
    }
}
