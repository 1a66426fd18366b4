package io.keyvaultbackup.reliability;

import java.util.List;
import java.util.Random;

/**
 * What a group of schedules has in common: one launch works on all their vaults, so it is one configuration. Follows from the group's number.
 *
 * @param earlierNight whether there is a snapshot of before, which the run can build on
 */
record Surroundings(
        long group, int threads, int chunk, Store store, Database database, boolean earlierNight, int overlapFrom) {

    /** How many seeds share one group. */
    static final int SCHEDULES = 25;

    enum Store {
        DIRECTORY,
        BLOB_STORAGE
    }

    enum Database {
        H2_FILE,
        POSTGRESQL
    }

    static Surroundings of(long seed) {
        long group = Math.floorDiv(seed, (long) SCHEDULES);
        Random random = new Random(group * 7919);
        return new Surroundings(
                group,
                oneOf(random, List.of(1, 2, 3, 4, 8, 16)),
                oneOf(random, List.of(1, 2, 4, 8, 16, 32)),
                Math.floorMod(group, 6L) == 0 ? Store.BLOB_STORAGE : Store.DIRECTORY,
                Math.floorMod(group, 5L) < 2 ? Database.H2_FILE : Database.POSTGRESQL,
                random.nextInt(3) > 0,
                oneOf(random, List.of(1, 1, 5, 500)));
    }

    private static int oneOf(Random random, List<Integer> values) {
        return values.get(random.nextInt(values.size()));
    }
}
