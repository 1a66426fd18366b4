package io.keyvaultbackup.dashboard.api;

import org.jspecify.annotations.Nullable;

/** How many a page is to have. Stateless. */
final class Limit {

    static final int LARGEST = 1_000;
    static final int USUAL = 100;

    private Limit() {}

    static int of(@Nullable Integer given, int otherwise) {
        if (given != null && (given < 1 || given > LARGEST)) {
            throw Problem.wrong("limit", given + " is not between 1 and " + LARGEST);
        }
        return given == null ? otherwise : given;
    }
}
