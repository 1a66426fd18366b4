package io.keyvaultbackup.notification;

/** Tells people, where that is configured. Safe for use by many threads. */
@FunctionalInterface
public interface Notifications {

    /** Nobody is told. */
    Notifications NONE = news -> {};

    /** Says how something stands; what was told already is not told again. Returns at once and never throws. */
    void tell(News news);
}
