package io.keyvaultbackup.notification;

import java.time.Instant;
import java.util.Set;

/**
 * News that people are to be told.
 *
 * @param at when it was found
 * @param since when the trouble began, also one that is over
 * @param events what the trouble has been since then
 */
record Notice(Event event, News news, Instant at, Instant since, Set<Event> events) {

    Notice {
        events = Set.copyOf(events);
    }

    String vault() {
        return news.vault();
    }

    /** In one line, as a subject of mail. */
    String title() {
        return news.vault() + ": " + news.topic().words() + " " + event.words();
    }
}
