package io.keyvaultbackup.store;

import org.jspecify.annotations.Nullable;

/**
 * How a place protects what is in it, as far as looking tells; null is not known.
 *
 * @param location of the place, for people
 * @param immutable whether it has immutability: a policy or legal hold of the container, or version-level immutability
 * @param versions whether it keeps versions of what is overwritten or deleted
 * @param publicAccess whether anybody may read it
 * @param unknown why something is not known, in words for people; null if all is
 */
public record SeenProtection(
        String location,
        @Nullable Boolean immutable,
        @Nullable Boolean versions,
        @Nullable Boolean publicAccess,
        @Nullable String unknown) {

    /** In one word, for a list of many. */
    public enum Level {
        /** Anybody may read it. */
        PUBLIC,
        /** Whoever may delete blobs deletes the copies. */
        NONE,
        UNKNOWN,
        /** What is overwritten or deleted can be brought back, unless somebody deletes the versions. */
        VERSIONED,
        /** It has immutability, which each copy may make use of. */
        IMMUTABLE
    }

    static SeenProtection unknown(String location, String why) {
        return new SeenProtection(location, null, null, null, why);
    }

    public Level level() {
        if (Boolean.TRUE.equals(publicAccess)) {
            return Level.PUBLIC;
        }
        if (Boolean.TRUE.equals(immutable)) {
            return Level.IMMUTABLE;
        }
        if (Boolean.TRUE.equals(versions)) {
            return Level.VERSIONED;
        }
        return Boolean.FALSE.equals(immutable) && Boolean.FALSE.equals(versions) ? Level.NONE : Level.UNKNOWN;
    }
}
