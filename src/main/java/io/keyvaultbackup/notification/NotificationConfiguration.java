package io.keyvaultbackup.notification;

import io.keyvaultbackup.ledger.ToldNotifications;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
public class NotificationConfiguration {

    private static final String DASHBOARD = "keyvault-backup.dashboard.public-url";

    @Bean
    static ConfigurationCheck notificationCheck(NotificationProperties properties) {
        return properties::problems;
    }

    /** What is asked for here is closed after it: what it still has to say is counted, and pushed. */
    @Bean
    Notifications notifications(
            NotificationProperties properties,
            ObjectProvider<ToldNotifications> told,
            ObjectProvider<HttpClient> clients,
            ObjectProvider<MetricPushes> pushes,
            MeterRegistry registry,
            Stopwatch stopwatch,
            InstantSource clock,
            Environment environment) {
        if (properties.tellNobody()) {
            return Notifications.NONE;
        }
        HttpClient client = clients.getObject();
        List<Way> ways = new ArrayList<>();
        properties.webhooks().forEach(webhook -> ways.add(new WebhookWay(webhook, client, clock)));
        if (properties.mail().isGiven()) {
            ways.add(new MailWay(properties.mail(), client.sslContext(), clock));
        }
        NotificationMeters meters = new NotificationMeters(registry, pushes.getIfAvailable(), clock);
        String dashboard = address(environment.getProperty(DASHBOARD));
        return new NoticeDesk(
                new Memory(told::getObject, properties.again(), clock),
                ways.stream()
                        .map(way -> new Post(way, dashboard, meters, stopwatch))
                        .toList(),
                clock);
    }

    private static @Nullable String address(@Nullable String given) {
        return given == null || given.isBlank() ? null : given.strip().replaceFirst("/+$", "");
    }
}
