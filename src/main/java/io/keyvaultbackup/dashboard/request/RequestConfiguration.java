package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunSchedule;
import io.keyvaultbackup.run.ConfigurationCheck;
import java.net.URI;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KubernetesProperties.class)
@Import({Asking.class, AskingByName.class, AuditReader.class, RequestReader.class})
public class RequestConfiguration {

    @Bean
    static ConfigurationCheck kubernetesCheck(KubernetesProperties properties, Environment environment) {
        return () -> KubernetesDatabase.problems(properties, environment);
    }

    @Bean
    Launching launching(KubernetesProperties properties, Environment environment) {
        if (properties.cronJob() == null) {
            return new QueuedLaunching();
        }
        ServiceAccount account = new ServiceAccount(properties.serviceAccount());
        URI given = properties.apiServer();
        return new KubernetesLaunching(
                properties, new ApiServer(given == null ? ofThisPod(environment) : given, account), account);
    }

    @Bean
    RunSchedule runSchedule(Launching launching, KubernetesProperties properties) {
        String cronJob = properties.cronJob();
        return cronJob != null && launching instanceof KubernetesLaunching kubernetes
                ? new CronJobSchedule(kubernetes, cronJob)
                : () -> Reading.known(Optional.empty());
    }

    private static URI ofThisPod(Environment environment) {
        String host = environment.getProperty("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
        String port = environment.getProperty("KUBERNETES_SERVICE_PORT", "443");
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}
