package io.keyvaultbackup.dashboard;

import io.keyvaultbackup.dashboard.access.AccessConfiguration;
import io.keyvaultbackup.dashboard.access.AccessProperties;
import io.keyvaultbackup.dashboard.access.PublicPlace;
import io.keyvaultbackup.dashboard.request.RequestConfiguration;
import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package and those in it give to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DashboardProperties.class)
@Import({AccessConfiguration.class, RequestConfiguration.class, ServedByTomcat.class})
public class DashboardConfiguration {

    @Bean
    static ConfigurationCheck dashboardCheck(DashboardProperties properties, AccessProperties access) {
        return () -> properties.problems(access);
    }

    @Bean
    PublicPlace publicPlace(DashboardProperties properties) {
        return properties.publicPlace();
    }
}
