package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes a Job from the CronJob's template. Safe for use by many threads. */
final class KubernetesLaunching implements Launching {

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int OF_THE_REQUEST = 13;

    private final KubernetesProperties properties;
    private final ApiServer server;
    private final ServiceAccount account;

    KubernetesLaunching(KubernetesProperties properties, ApiServer server, ServiceAccount account) {
        this.properties = properties;
        this.server = server;
        this.account = account;
    }

    @Override
    public @Nullable String whyNot(RequestedAction action) {
        return cronJob(action) == null
                ? "The dashboard knows no CronJob whose identity may plan a restore: name one as "
                        + KubernetesProperties.PREFIX + ".restore-cron-job, or run 'keyvault-backup restore --dry-run'."
                : null;
    }

    private @Nullable String cronJob(RequestedAction action) {
        return action == RequestedAction.RESTORE_PLAN ? properties.restoreCronJob() : properties.cronJob();
    }

    /** With a letter at the end: eight digits there would be the time that a CronJob's own Job was scheduled for. */
    @Override
    public UnaryOperator<String> jobs(RequestedAction action) {
        return request ->
                "keyvault-backup-" + action.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-"
                        + request.replace("-", "").substring(0, OF_THE_REQUEST) + "-x";
    }

    @Override
    public void launch(Request request) {
        RequestedAction action = request.wish().action();
        String why = whyNot(action);
        if (why != null) {
            throw new LaunchFailedException(why);
        }
        String cronJob = Objects.requireNonNull(cronJob(action));
        JsonNode template = cronJob(cronJob);
        String namespace = namespace();
        List<String> arguments = new ArrayList<>(request.arguments());
        if (!arguments.contains("--json")) {
            arguments.add("--json");
        }
        arguments.add("--request=" + request.id());
        String name = jobs(action).apply(request.id());
        ApiServer.Answer made =
                server.createJob(namespace, new JobTemplate(template).job(name, request.id(), arguments));
        if (!made.isGood() && !isThereAlready(made)) {
            throw refused("create Job " + name, namespace, made);
        }
    }

    /** @throws LaunchFailedException if Kubernetes does not tell */
    JsonNode cronJob(String name) {
        String namespace = namespace();
        ApiServer.Answer told = server.cronJob(namespace, name);
        if (!told.isGood()) {
            throw refused("read CronJob " + name, namespace, told);
        }
        return told.body();
    }

    /** Its name is the request's alone: it was made before, and the answer was lost. */
    private static boolean isThereAlready(ApiServer.Answer made) {
        return made.status() == CONFLICT
                && made.body().path("reason").asString("").equals("AlreadyExists");
    }

    private String namespace() {
        String given = properties.namespace();
        try {
            return given == null ? account.namespace() : given;
        } catch (IOException unreadable) {
            throw new LaunchFailedException(
                    "This pod has no service account, so that no Job can be made: " + unreadable
                            + ". Set automountServiceAccountToken, as k8s/components/dashboard does.",
                    unreadable);
        }
    }

    private LaunchFailedException refused(String what, String namespace, ApiServer.Answer answer) {
        String advice = switch (answer.status()) {
            case UNAUTHORIZED -> "The pod's token is not accepted; delete the pod, and a new one gets a new one.";
            case FORBIDDEN ->
                "The service account may get its CronJobs and create Jobs by the Role of k8s/components/dashboard; apply it.";
            case NOT_FOUND ->
                "Is it named right? " + KubernetesProperties.PREFIX + ".cron-job, .restore-cron-job and .namespace.";
            default -> "Ask again; if it stays so, 'kubectl get events' in that namespace tells more.";
        };
        return new LaunchFailedException("Kubernetes did not let the dashboard " + what + " in namespace " + namespace
                + ": " + answer.said() + ". " + advice);
    }
}
