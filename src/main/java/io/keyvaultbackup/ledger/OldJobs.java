package io.keyvaultbackup.ledger;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets go what Spring Batch recorded of jobs of long ago, whichever verb's and vault's they were. Nothing is taken from there that the ledger and the store do not tell:
 * a job without a record begins anew, and finds what is left to do. For whoever has a transaction; safe for use by many processes.
 */
final class OldJobs {

    /** At a time, with a dozen rows each; more than a vault's night leaves, so that what years have left comes to an end. */
    private static final int MOST = 30;

    private static final String STEPS =
            " (SELECT STEP_EXECUTION_ID FROM BATCH_STEP_EXECUTION WHERE JOB_EXECUTION_ID IN";
    private static final String EXECUTIONS =
            " (SELECT JOB_EXECUTION_ID FROM BATCH_JOB_EXECUTION WHERE JOB_INSTANCE_ID IN (:instances))";

    private static final List<String> DELETIONS = List.of(
            "BATCH_STEP_EXECUTION_CONTEXT WHERE STEP_EXECUTION_ID IN" + STEPS + EXECUTIONS + ")",
            "BATCH_STEP_EXECUTION WHERE JOB_EXECUTION_ID IN" + EXECUTIONS,
            "BATCH_JOB_EXECUTION_CONTEXT WHERE JOB_EXECUTION_ID IN" + EXECUTIONS,
            "BATCH_JOB_EXECUTION_PARAMS WHERE JOB_EXECUTION_ID IN" + EXECUTIONS,
            "BATCH_JOB_EXECUTION WHERE JOB_INSTANCE_ID IN (:instances)",
            "BATCH_JOB_INSTANCE WHERE JOB_INSTANCE_ID IN (:instances)");

    private final JdbcClient jdbc;

    OldJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Lets go some of the jobs whose executions all began before that, those of the oldest first. The instances are locked: nobody begins another execution of one
     * then, and what another process lets go just now is passed over.
     */
    void letGo(Instant before) {
        // Spring Batch writes the machine's own time
        LocalDateTime time = LocalDateTime.ofInstant(before, ZoneId.systemDefault());
        Set<Long> instances = among(
                "SELECT JOB_INSTANCE_ID FROM BATCH_JOB_INSTANCE WHERE JOB_INSTANCE_ID IN (:instances) FOR UPDATE SKIP LOCKED",
                oldest(time),
                time);
        instances.removeAll(among(
                "SELECT JOB_INSTANCE_ID FROM BATCH_JOB_EXECUTION WHERE JOB_INSTANCE_ID IN (:instances) AND CREATE_TIME >= :before",
                instances,
                time));
        if (!instances.isEmpty()) {
            for (String deletion : DELETIONS) {
                jdbc.sql("DELETE FROM " + deletion)
                        .param("instances", instances)
                        .update();
            }
        }
    }

    private Set<Long> oldest(LocalDateTime before) {
        return jdbc.sql("SELECT e.JOB_INSTANCE_ID FROM BATCH_JOB_EXECUTION e WHERE e.CREATE_TIME < :before"
                        + " AND NOT EXISTS (SELECT 1 FROM BATCH_JOB_EXECUTION later WHERE later.JOB_INSTANCE_ID ="
                        + " e.JOB_INSTANCE_ID AND later.CREATE_TIME >= :before) ORDER BY e.CREATE_TIME LIMIT :most")
                .param("before", before)
                .param("most", MOST)
                .query((row, number) -> row.getLong(1))
                .set();
    }

    private Set<Long> among(String query, Set<Long> instances, LocalDateTime before) {
        return instances.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(jdbc.sql(query)
                        .param("instances", instances)
                        .param("before", before)
                        .query((row, number) -> row.getLong(1))
                        .list());
    }
}
