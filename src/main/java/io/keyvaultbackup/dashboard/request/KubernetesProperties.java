package io.keyvaultbackup.dashboard.request;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which CronJobs the dashboard makes Jobs of. Without a CronJob, requests wait for a worker process.
 *
 * @param cronJob the name of the CronJob that backs up: of its template are the Jobs for a run now, a relaunch and a stop
 * @param restoreCronJob the name of the CronJob whose identity may plan a restore, such as that of the drill; without it no plan can be asked for
 * @param namespace where they are; by default where this process is
 * @param apiServer where the API server answers; by default as every pod is told
 * @param serviceAccount the directory with this process's token, and the certificate of the API server's authority
 */
@ConfigurationProperties(KubernetesProperties.PREFIX)
record KubernetesProperties(
        @Nullable String cronJob,
        @Nullable String restoreCronJob,
        @Nullable String namespace,
        @Nullable URI apiServer,

        @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount")
        Path serviceAccount) {

    static final String PREFIX = "keyvault-backup.dashboard.kubernetes";

    /** Kubernetes allows 52 for a CronJob, so that what it appends to the names of Jobs has room. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,50}[a-z0-9])?");

    KubernetesProperties {
        cronJob = given(cronJob);
        restoreCronJob = given(restoreCronJob);
        namespace = given(namespace);
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        refuseNoName(problems, "cron-job", cronJob);
        refuseNoName(problems, "restore-cron-job", restoreCronJob);
        refuseNoName(problems, "namespace", namespace);
        if (restoreCronJob != null && cronJob == null) {
            problems.add(PREFIX + ".restore-cron-job is given, and no " + PREFIX
                    + ".cron-job: name the CronJob that backs up, such as keyvault-backup");
        }
        if (apiServer != null && !"https".equals(apiServer.getScheme())) {
            problems.add(PREFIX + ".api-server: '" + apiServer
                    + "' is not an https address, such as https://kubernetes.default.svc");
        }
        return problems;
    }

    private static void refuseNoName(List<String> problems, String property, @Nullable String given) {
        if (given != null && !NAME.matcher(given).matches()) {
            problems.add(
                    PREFIX + "." + property + ": '" + given + "' is no name in Kubernetes, such as keyvault-backup");
        }
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
