package io.keyvaultbackup.dashboard.health;

import io.keyvaultbackup.dashboard.view.FleetReader;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this package gives to the application. The groups in which these are, called database, store and freshness, are in application.yaml. */
@Configuration(proxyBeanMethods = false)
public class HealthConfiguration {

    @Bean
    HealthIndicator jobDatabaseHealthIndicator(FleetReader fleet) {
        return new SourceHealth(fleet::database);
    }

    @Bean
    HealthIndicator backupStoreHealthIndicator(FleetReader fleet) {
        return new SourceHealth(fleet::store);
    }

    @Bean
    HealthIndicator newestCopiesHealthIndicator(FleetReader fleet) {
        return new FreshnessHealth(fleet);
    }
}
