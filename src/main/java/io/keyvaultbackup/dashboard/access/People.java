package io.keyvaultbackup.dashboard.access;

import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who asks, for the request that the calling thread is at. Safe for use by many threads. */
public final class People {

    People() {}

    /** Who has logged in; nothing where nobody has. */
    public Optional<Person> known() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null
                        || authentication.getAuthorities().stream().noneMatch(Grant.class::isInstance)
                ? Optional.empty()
                : Optional.of(Person.of(authentication));
    }

    /** @throws IllegalStateException if nobody has logged in: a page that wants to know that was let through without */
    public Person current() {
        return known().orElseThrow(() ->
                new IllegalStateException("a page that asks who somebody is was let through without a login"));
    }
}
