package io.keyvaultbackup.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds what is wrong with the part of {@link StoreProperties} that is about leases, before anything is tried. Stateless. */
final class LeaseProblems {

    private static final String LEASE = StoreProperties.PREFIX + ".lease";

    private static final String EXAMPLE = "key-vault-backups-leases";
    private static final String SAS_EXAMPLE = "sv=2025-01-05&sr=c&sp=rcw&se=2027-01-01T00:00:00Z&sig=....";
    private static final Pattern OF_ONE_CONTAINER = Pattern.compile("(^|[?&])sr=c(&|$)");
    private static final int LONGEST_CONTAINER_NAME = 63;

    /** What the service's own leases take. */
    private static final Duration SHORTEST_OF_CONTAINER = Duration.ofSeconds(15);

    private static final Duration LONGEST_OF_CONTAINER = Duration.ofSeconds(60);
    private static final Duration SHORTEST_OF_DIRECTORY = Duration.ofSeconds(1);

    private final StoreProperties given;
    private final List<String> problems = new ArrayList<>();

    private final String prefix;
    private final String container;
    private final String sasToken;

    private LeaseProblems(StoreProperties given, String prefix) {
        this.given = given;
        this.prefix = prefix;
        this.container = prefix + ".lease-container";
        this.sasToken = prefix + ".lease-sas-token";
    }

    /** @param prefix what the names of the properties begin with */
    static List<String> of(StoreProperties given, String prefix) {
        LeaseProblems found = new LeaseProblems(given, prefix);
        found.lookAtLease();
        found.lookAtContainer();
        found.lookAtSasToken();
        return List.copyOf(found.problems);
    }

    private boolean isInContainer() {
        return given.containerUrl() != null || given.connectionString() != null;
    }

    private void lookAtLease() {
        Duration lease = given.lease();
        if (isInContainer()) {
            if (lease.compareTo(SHORTEST_OF_CONTAINER) < 0 || lease.compareTo(LONGEST_OF_CONTAINER) > 0) {
                problems.add(LEASE + " is " + written(lease) + "; leases of Blob Storage"
                        + (prefix.equals(StoreProperties.PREFIX) ? "" : ", as for " + prefix + ",")
                        + " last 15s to 60s. A valid one is 60s.");
            }
        } else if (lease.compareTo(SHORTEST_OF_DIRECTORY) < 0) {
            problems.add(LEASE + " is " + written(lease) + ", which is too short to be renewed in time; at least 1s."
                    + " A valid one is 60s.");
        }
    }

    private static String written(Duration lease) {
        return lease.toNanosPart() == 0 ? lease.toSeconds() + "s" : lease.toMillis() + "ms";
    }

    /** Whoever may write leases could overwrite the backups of a container that holds both. */
    private void lookAtContainer() {
        String name = given.leaseContainer();
        String used = given.leaseContainerName();
        if (name != null && !isInContainer()) {
            problems.add(container + " is " + name + ", but backups are kept in no container; a directory holds its"
                    + " leases itself. Leave it out.");
        } else if (name != null && !StoreProblems.isContainerName(name)) {
            problems.add(
                    container + " is " + name + ", which is no container's name: 3 to 63 lower-case letters, digits"
                            + " and single hyphens, as " + EXAMPLE + ".");
        } else if (name != null && name.equals(given.backupContainerName())) {
            problems.add(container + " is " + name
                    + ", where the backups are; leases need a container of their own, as " + EXAMPLE + ".");
        } else if (name == null && used != null && used.length() > LONGEST_CONTAINER_NAME) {
            problems.add(container + " is not given, and " + used + " is too long for a container's name. Give one, as "
                    + EXAMPLE + ".");
        }
    }

    /** A token for one container says so (sr=c); one for the account (ss=b) opens both. */
    private void lookAtSasToken() {
        String backups = given.sasToken();
        String leases = given.leaseSasToken();
        if (leases != null && backups == null) {
            problems.add(sasToken + " is given (its value is secret) without " + prefix
                    + ".sas-token; without that, leases are used by the same identity as the backups. Leave it out.");
        } else if (leases != null && !StoreProblems.isSigned(leases)) {
            problems.add(
                    sasToken + " (its value is secret) has no signature. A valid one looks like " + SAS_EXAMPLE + ".");
        } else if (leases == null
                && backups != null
                && isInContainer()
                && OF_ONE_CONTAINER.matcher(backups).find()) {
            problems.add(prefix + ".sas-token is for the container of the backups only; give "
                    + sasToken + " for container " + given.leaseContainerName() + ", which looks like " + SAS_EXAMPLE
                    + ".");
        }
    }
}
