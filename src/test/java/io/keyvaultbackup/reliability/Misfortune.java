package io.keyvaultbackup.reliability;

/** What can go wrong in a schedule, and what that means for the calls that have to be made again. */
enum Misfortune {
    THROTTLING(Cost.SEEN_IN_THE_STATUS),
    ERROR(Cost.SEEN_IN_THE_STATUS),
    REFUSAL(Cost.SEEN_IN_THE_STATUS),
    RESET(Cost.SEEN_IN_THE_STATUS),
    ANSWER_LOST(Cost.SEEN_IN_THE_STATUS),
    ANSWER_TRUNCATED(Cost.ONE_CALL_EACH),
    GARBAGE(Cost.ONE_CALL_EACH),
    WRONG_JSON(Cost.ONE_CALL_EACH),
    SLOW_ANSWER(Cost.NOTHING),
    NO_ANSWER_IN_TIME(Cost.PERHAPS_ONE_CALL_EACH),
    TOKENS_REVOKED(Cost.NOTHING),
    TOKENS_EXPIRED(Cost.NOTHING),
    /** The answer with a token breaks off, while the vault is listed first. */
    TOKEN_BROKEN_OFF(Cost.NOTHING),
    OBJECT_DELETED(Cost.NOTHING),
    STOPPED(Cost.CALLS_UNDER_WAY),
    DATABASE_DROPPED(Cost.CALLS_UNDER_WAY),
    /** 500 and 503 of Blob Storage. */
    STORE_UNAVAILABLE(Cost.FAILED_UPLOADS),
    /** 409, 412 and 403 of Blob Storage, which are final. */
    STORE_REFUSES(Cost.FAILED_UPLOADS),
    STORE_ANSWER_LOST(Cost.FAILED_UPLOADS),
    STORE_SILENT(Cost.FAILED_UPLOADS),
    /** What is in the store cannot be listed before there is a lease. */
    STORE_UNLISTED(Cost.NOTHING),
    /** 500, 503 and 429 where a lease is asked for, renewed, given back, or its note is read or written. */
    LEASE_UNAVAILABLE(Cost.CALLS_UNDER_WAY),
    /** 409 and 412 there, which are final. */
    LEASE_REFUSED(Cost.CALLS_UNDER_WAY),
    LEASE_ANSWER_LOST(Cost.CALLS_UNDER_WAY),
    LEASE_RESET(Cost.CALLS_UNDER_WAY),
    LEASE_SILENT(Cost.CALLS_UNDER_WAY),
    /** A renewal in mid-run is refused: somebody else could have it. */
    LEASE_LOST(Cost.CALLS_UNDER_WAY),
    /** Somebody else's blob has the name. */
    NAME_TAKEN(Cost.FAILED_UPLOADS),
    /** A file is where the blobs' directory should be. */
    DIRECTORY_BLOCKED(Cost.FAILED_UPLOADS),
    /** What a crash leaves: half a temporary file, metadata without its blob. */
    LEFTOVERS(Cost.NOTHING);

    /** Which backup calls are answered well and yet have to be made again. */
    enum Cost {
        NOTHING,
        /** Not answered with 200, so they do not count as answered well. */
        SEEN_IN_THE_STATUS,
        ONE_CALL_EACH,
        PERHAPS_ONE_CALL_EACH,
        FAILED_UPLOADS,
        CALLS_UNDER_WAY
    }

    private final Cost cost;

    Misfortune(Cost cost) {
        this.cost = cost;
    }

    Cost cost() {
        return cost;
    }
}
