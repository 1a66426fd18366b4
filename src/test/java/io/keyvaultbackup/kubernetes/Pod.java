package io.keyvaultbackup.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1EnvVarSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the one container of a CronJob's pod is started with.
 *
 * @param memory its limit in bytes
 */
record Pod(List<String> arguments, Map<String, String> environment, long memory) {

    /**
     * As the cluster does it.
     *
     * @param job the name of the Job that the pod is of
     * @param uid the uid of that Job
     * @param secrets by their keys; those that people make themselves
     */
    static Pod of(V1CronJob cronJob, String job, UUID uid, Map<String, String> secrets) {
        V1Container container = container(cronJob);
        Map<String, String> environment = new TreeMap<>();
        for (V1EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), value(variable, job, uid, secrets));
        }
        List<String> arguments = container.getArgs().stream()
                .map(argument -> expanded(argument, environment))
                .toList();
        assertThat(arguments).noneMatch(argument -> argument.contains("$("));
        return new Pod(
                arguments,
                environment,
                container.getResources().getLimits().get("memory").getNumber().longValueExact());
    }

    /** The same with other arguments. */
    Pod with(String... others) {
        return new Pod(List.of(others), environment, memory);
    }

    static V1Container container(V1CronJob cronJob) {
        List<V1Container> containers = cronJob.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers();
        assertThat(containers).hasSize(1);
        return containers.getFirst();
    }

    private static String value(V1EnvVar variable, String job, UUID uid, Map<String, String> secrets) {
        V1EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            return variable.getValue();
        }
        if (source.getFieldRef() != null) {
            // the labels that the Job controller gives its pods
            return switch (source.getFieldRef().getFieldPath()) {
                case "metadata.labels['batch.kubernetes.io/job-name']" -> job;
                case "metadata.labels['batch.kubernetes.io/controller-uid']" -> uid.toString();
                default ->
                    throw new AssertionError(
                            "no such label: " + source.getFieldRef().getFieldPath());
            };
        }
        String key = source.getSecretKeyRef().getKey();
        String secret = secrets.get(key);
        if (secret == null) {
            throw new AssertionError("no secret for " + variable.getName() + ": " + key);
        }
        return secret;
    }

    private static String expanded(String argument, Map<String, String> environment) {
        String text = argument;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            text = text.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return text;
    }
}
