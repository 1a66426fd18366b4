package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.access.Person;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/**
 * Who asks, as the audit log tells of it.
 *
 * @param byWay how they showed who they are: session, token, password
 */
public record Asker(String who, String byWay, String fromAddress) {

    public static Asker of(Person person, HttpServletRequest from) {
        return new Asker(person.identity(), person.way().name().toLowerCase(Locale.ROOT), from.getRemoteAddr());
    }
}
