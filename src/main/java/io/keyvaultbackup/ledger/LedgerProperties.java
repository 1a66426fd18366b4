package io.keyvaultbackup.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the job database keeps.
 *
 * @param keepObjects of how many complete runs of a vault, the newest ones, the job database keeps the outcome of each object; those that are not
 *     complete keep theirs, and of the others the manifests tell
 * @param keepRuns how long the job database keeps runs, verifications, restores and drills, and Spring Batch's records of all jobs; the newest complete run of a
 *     vault stays, and so do those after it and the last verification, restore and drill
 * @param emptyDatabase a file that a new job database, where it is H2 in a file, begins as a copy of: one with all tables and nothing in them, as the image has
 */
@ConfigurationProperties(LedgerProperties.PREFIX)
public record LedgerProperties(
        @DefaultValue("2") int keepObjects,
        @DefaultValue("400d") Duration keepRuns,
        @Nullable Path emptyDatabase) {

    static final String PREFIX = "keyvault-backup.ledger";

    /** A job that works for longer is not to be met. */
    private static final Duration LEAST_TIME = Duration.ofDays(31);

    /** And the time before it must be one that databases have. */
    private static final Duration MOST_TIME = Duration.ofDays(36_525);

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (keepObjects < 1) {
            problems.add(PREFIX + ".keep-objects: " + keepObjects
                    + " is not 1 or more, such as 2: what the newest complete run of a vault did is asked for");
        }
        if (keepRuns.compareTo(LEAST_TIME) < 0 || keepRuns.compareTo(MOST_TIME) > 0) {
            problems.add(
                    PREFIX + ".keep-runs: " + keepRuns
                            + " is not between 31 days and 100 years, such as 400d: runs of the last weeks are relaunched and looked at");
        }
        return problems;
    }
}
