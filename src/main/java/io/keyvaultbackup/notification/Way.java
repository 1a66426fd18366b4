package io.keyvaultbackup.notification;

/** A way to people: tries once. For one thread at a time. */
interface Way {

    /** What logs and metrics call it; nothing secret. */
    String name();

    /** slack, teams, json or mail. */
    String format();

    Wanted wanted();

    /** @throws NotSentException if it was not taken */
    void send(Message message) throws NotSentException, InterruptedException;
}
