package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.service.Request;

/** What became of somebody's wish. */
public sealed interface Asked {

    /** It is written down, and will be done. */
    record Accepted(Request request) implements Asked {}

    /**
     * It is not done, and nothing was begun.
     *
     * @param why a sentence for people, with what to do
     * @param already whether the same has been asked for, and goes on
     */
    record Refused(String why, boolean already) implements Asked {}
}
