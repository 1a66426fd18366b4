package io.keyvaultbackup.dashboard.access;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who asks, for the request that the calling thread is at. Safe for use by many threads. */
public final class People {

    People() {}

    /** @throws IllegalStateException if nobody has logged in: a page that wants to know that was let through without */
    public Person current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || authentication.getAuthorities().stream().noneMatch(Grant.class::isInstance)) {
            throw new IllegalStateException("a page that asks who somebody is was let through without a login");
        }
        return Person.of(authentication);
    }
}
