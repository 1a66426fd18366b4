package io.keyvaultbackup.dashboard.request;

import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;

/** On Kubernetes the pods have no file in common, so the job database must be one that all of them reach. */
final class KubernetesDatabase {

    private static final String DATABASE = "spring.datasource.url";

    private KubernetesDatabase() {}

    static List<String> problems(KubernetesProperties properties, Environment environment) {
        List<String> problems = new ArrayList<>(properties.problems());
        if (properties.cronJob() != null
                && environment.getProperty(DATABASE, "").startsWith("jdbc:h2:")) {
            problems.add(KubernetesProperties.PREFIX + ".cron-job is given, and " + DATABASE
                    + " names H2, whose file the Jobs' pods do not share. Name a PostgreSQL database, as"
                    + " k8s/components/postgresql does.");
        }
        return problems;
    }
}
