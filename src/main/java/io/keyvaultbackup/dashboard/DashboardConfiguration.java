package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.dashboard.access.AccessConfiguration;
import io.keyvaultbackup.dashboard.access.AccessProperties;
import io.keyvaultbackup.dashboard.access.People;
import io.keyvaultbackup.dashboard.access.PublicPlace;
import io.keyvaultbackup.dashboard.api.ApiConfiguration;
import io.keyvaultbackup.dashboard.gauges.GaugesConfiguration;
import io.keyvaultbackup.dashboard.health.HealthConfiguration;
import io.keyvaultbackup.dashboard.live.LiveConfiguration;
import io.keyvaultbackup.dashboard.notice.NoticeConfiguration;
import io.keyvaultbackup.dashboard.page.PageConfiguration;
import io.keyvaultbackup.dashboard.request.RequestConfiguration;
import io.keyvaultbackup.dashboard.snapshots.SnapshotsConfiguration;
import io.keyvaultbackup.dashboard.view.ViewConfiguration;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.function.Predicate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package and those in it give to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DashboardProperties.class)
@Import({
    AccessConfiguration.class,
    ApiConfiguration.class,
    GaugesConfiguration.class,
    NoticeConfiguration.class,
    LiveConfiguration.class,
    HealthConfiguration.class,
    PageConfiguration.class,
    RequestConfiguration.class,
    ServedByTomcat.class,
    SnapshotsConfiguration.class,
    ViewConfiguration.class
})
public class DashboardConfiguration {

    @Bean
    static ConfigurationCheck dashboardCheck(DashboardProperties properties, AccessProperties access) {
        return () -> properties.problems(access);
    }

    @Bean
    PublicPlace publicPlace(DashboardProperties properties) {
        return properties.publicPlace();
    }

    @Bean
    TrustedProxies trustedProxies(DashboardProperties properties) {
        return properties.proxies();
    }

    /** Those of the roles that whoever asks has. */
    @Bean
    VisibleVaults visibleVaults(People people) {
        return new VisibleVaults() {
            @Override
            public boolean all() {
                return people.current().seesAll();
            }

            @Override
            public Predicate<VaultAddress> those() {
                return people.current()::maySee;
            }
        };
    }
}
