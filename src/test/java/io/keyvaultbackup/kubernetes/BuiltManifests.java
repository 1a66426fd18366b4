package io.keyvaultbackup.kubernetes;

import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What a cluster would tell of {@code k8s/base}, and how strictly it would read what is sent to it; for the tests of whoever talks to one. */
public final class BuiltManifests {

    private static final Kustomization BASE = Kustomization.of(Kustomization.BASE);

    private BuiltManifests() {}

    public static V1CronJob cronJobOf(String name) {
        return BASE.all(V1CronJob.class).stream()
                .filter(job -> name.equals(job.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
    }

    /** As the API server tells it, with the uid that it has given. */
    public static String cronJob(String name, String uid) {
        V1CronJob cronJob = cronJobOf(name);
        cronJob.getMetadata().setUid(uid);
        try {
            // the client's classes have empty lists where a cluster tells of none
            return JSON.serialize(cronJob)
                    .replaceAll("\"\\w+\":\\[]", "")
                    .replaceAll(",(?=[,}])", "")
                    .replace("{,", "{");
        } finally {
            cronJob.getMetadata().setUid(null);
        }
    }

    /**
     * A Job that was sent.
     *
     * @throws IllegalArgumentException if a cluster would refuse a field, or its type
     */
    public static V1Job job(String json) {
        try {
            List<Object> read = StrictYaml.read(json);
            if (read.size() == 1 && read.getFirst() instanceof V1Job job) {
                return job;
            }
            throw new IllegalArgumentException("no Job: " + json);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
