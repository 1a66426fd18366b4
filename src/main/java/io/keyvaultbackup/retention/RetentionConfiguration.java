package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
@Import({Extending.class, ForgetJob.class, VaultPolicies.class, RetentionLauncher.class, RetentionMeters.class})
public class RetentionConfiguration {

    @Bean
    static ConfigurationCheck retentionCheck(RetentionProperties properties) {
        return properties::problems;
    }
}
