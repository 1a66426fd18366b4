package io.keyvaultbackup.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds what is wrong with the part of {@link StoreProperties} that is about leases, before anything is tried. Stateless. */
final class LeaseProblems {

    private static final String LEASE = StoreProperties.PREFIX + ".lease";

    /** What the service's own leases take. */
    private static final Duration SHORTEST_OF_CONTAINER = Duration.ofSeconds(15);

    private static final Duration LONGEST_OF_CONTAINER = Duration.ofSeconds(60);
    private static final Duration SHORTEST_OF_DIRECTORY = Duration.ofSeconds(1);

    private LeaseProblems() {}

    static List<String> of(StoreProperties given) {
        List<String> problems = new ArrayList<>();
        Duration lease = given.lease();
        if (isInContainer(given)) {
            if (lease.compareTo(SHORTEST_OF_CONTAINER) < 0 || lease.compareTo(LONGEST_OF_CONTAINER) > 0) {
                problems.add(LEASE + " is " + written(lease) + "; Blob Storage has leases of 15s to 60s. A valid one is"
                        + " 60s.");
            }
        } else if (lease.compareTo(SHORTEST_OF_DIRECTORY) < 0) {
            problems.add(LEASE + " is " + written(lease) + ", which is too short to be renewed in time; at least 1s."
                    + " A valid one is 60s.");
        }
        return problems;
    }

    private static boolean isInContainer(StoreProperties given) {
        return given.containerUrl() != null || given.connectionString() != null;
    }

    private static String written(Duration lease) {
        return lease.toNanosPart() == 0 ? lease.toSeconds() + "s" : lease.toMillis() + "ms";
    }
}
