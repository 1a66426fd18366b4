package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunSchedule;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Asks Kubernetes for the schedule of the CronJob that backs up. A CronJob without a time zone has the controller's, which is UTC unless somebody changed it.
 *
 * @param cronJob its name
 */
record CronJobSchedule(KubernetesLaunching kubernetes, String cronJob) implements RunSchedule {

    @Override
    public Reading<Optional<Told>> ask() {
        try {
            JsonNode spec = kubernetes.cronJob(cronJob).path("spec");
            return Reading.known(Optional.of(new Told(
                    spec.path("schedule").asString(""),
                    spec.path("timeZone").asString("UTC"),
                    "CronJob " + cronJob,
                    spec.path("suspend").asBoolean(false))));
        } catch (LaunchFailedException failed) {
            return Reading.missing(String.valueOf(failed.getMessage()), "Or give keyvault-backup.dashboard.schedule.");
        }
    }
}
