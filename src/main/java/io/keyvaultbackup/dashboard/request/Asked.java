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
     */
    record Refused(Because because, String why) implements Asked {}

    /** Why something is not done. */
    enum Because {
        /** The same has been asked for, and goes on. */
        ALREADY,
        /** This dashboard has nobody who may. */
        NOT_HERE,
        /** Whoever was to do it did not take it. */
        NOT_TAKEN
    }
}
