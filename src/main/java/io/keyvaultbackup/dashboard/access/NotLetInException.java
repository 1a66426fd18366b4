package io.keyvaultbackup.dashboard.access;

import org.springframework.security.core.AuthenticationException;

/** Somebody showed who they are, or tried to, and is not let in. */
final class NotLetInException extends AuthenticationException {

    private static final long serialVersionUID = 1L;

    private final LoginRefusal why;

    NotLetInException(LoginRefusal why) {
        super(why.word());
        this.why = why;
    }

    NotLetInException(LoginRefusal why, Throwable cause) {
        super(why.word(), cause);
        this.why = why;
    }

    LoginRefusal why() {
        return why;
    }
}
