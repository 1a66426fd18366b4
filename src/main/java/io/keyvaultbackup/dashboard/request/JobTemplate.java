package io.keyvaultbackup.dashboard.request;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Job as the CronJob's controller would make it, and {@code kubectl create job --from}, with other arguments. Image, identity, limits and policies of failure are
 * the CronJob's.
 */
record JobTemplate(JsonNode cronJob) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONTAINER = "keyvault-backup";

    /**
     * The Job.
     *
     * @param request the id of what it does, for whoever looks at it with kubectl
     * @param arguments in place of the container's
     * @throws LaunchFailedException if it is none of ours
     */
    ObjectNode job(String name, String request, List<String> arguments) {
        JsonNode template = cronJob.path("spec").path("jobTemplate");
        if (!(template.path("spec") instanceof ObjectNode spec)) {
            throw new LaunchFailedException(
                    "The CronJob that Kubernetes tells of has no template of a Job. Is it the one that backs up?");
        }
        ObjectNode job = JSON.createObjectNode();
        job.put("apiVersion", "batch/v1").put("kind", "Job");
        ObjectNode metadata = job.putObject("metadata").put("name", name);
        copy(template.path("metadata").path("labels"), metadata.putObject("labels"));
        ObjectNode annotations = metadata.putObject("annotations");
        copy(template.path("metadata").path("annotations"), annotations);
        annotations.put("cronjob.kubernetes.io/instantiate", "manual").put("keyvault-backup/request", request);
        JsonNode owner = cronJob.path("metadata");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "batch/v1")
                .put("kind", "CronJob")
                .put("name", owner.path("name").asString())
                .put("uid", owner.path("uid").asString());
        ObjectNode one = spec.deepCopy();
        // a night that pods share has several; what somebody asks for is done once
        one.put("completions", 1).put("parallelism", 1).put("suspend", false);
        one.remove(List.of("completionMode", "backoffLimitPerIndex", "maxFailedIndexes"));
        ArrayNode given = container(one).putArray("args");
        arguments.forEach(given::add);
        job.set("spec", one);
        return job;
    }

    private static ObjectNode container(ObjectNode spec) {
        for (JsonNode container : spec.path("template").path("spec").path("containers")) {
            if (container instanceof ObjectNode ours
                    && ours.path("name").asString().equals(CONTAINER)) {
                return ours;
            }
        }
        throw new LaunchFailedException("The CronJob that Kubernetes tells of has no container named " + CONTAINER
                + ". Name the one that backs up: " + KubernetesProperties.PREFIX + ".cron-job.");
    }

    private static void copy(JsonNode from, ObjectNode to) {
        from.forEachEntry(to::set);
    }
}
