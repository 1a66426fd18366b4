package io.keyvaultbackup.dashboard.live;

/**
 * Something that viewers are told, as a server-sent event.
 *
 * @param data without line breaks
 */
public record FeedEvent(String name, String data) {}
