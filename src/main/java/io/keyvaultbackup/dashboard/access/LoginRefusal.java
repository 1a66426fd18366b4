package io.keyvaultbackup.dashboard.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.security.core.AuthenticationException;

/** Why somebody is not let in, with what to do. The login page is told by a word in its address; no text of anybody else's gets onto it. */
enum LoginRefusal {
    WRONG_PASSWORD(
            "This is not the one-time password, or it was used already, or ten minutes have passed.",
            "If it was mistyped, enter it again. It is good once. End the dashboard and start it again: it prints a new one."),
    NO_ROLE(
            "You have no role at this dashboard.",
            "Ask whoever runs it for one: the provider's tokens have to name it (keyvault-backup.dashboard.access.role-claim, .grants)."),
    TOO_MANY_GROUPS(
            "You are in so many groups that the provider leaves them out of its tokens.",
            "Ask whoever runs the dashboard to use application roles in place of groups (docs/dashboard.md)."),
    PROVIDER(
            "The provider at which people log in cannot be reached, or does not answer as one.",
            "Try again in a moment. Its address and what was wrong are in the dashboard's log."),
    FAILED("The login did not succeed.", "Try again. What the provider said is in the dashboard's log.");

    private final String what;
    private final String whatToDo;

    LoginRefusal(String what, String whatToDo) {
        this.what = what;
        this.whatToDo = whatToDo;
    }

    static LoginRefusal of(AuthenticationException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotLetInException refused) {
                return refused.why();
            }
        }
        return FAILED;
    }

    static Optional<LoginRefusal> ofWord(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String what() {
        return what;
    }

    String whatToDo() {
        return whatToDo;
    }
}
