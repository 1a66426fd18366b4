package io.keyvaultbackup.telemetry;

/** Sends on what was counted, where that is configured. */
public interface MetricPushes {

    /** The job whose meters are those of notifications, and no others. */
    String NOTIFICATIONS = "notify";

    /**
     * A job of a vault ended, and its meters say so. Returns at once and never throws.
     *
     * @param job as the CronJobs of k8s/ are named: backup, verify, drill, forget; or {@link #NOTIFICATIONS}
     * @param vault its host, as in the tag of its meters
     */
    void ended(String job, String vault);
}
