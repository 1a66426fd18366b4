package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
class RetentionConfiguration {

    @Bean
    static ConfigurationCheck retentionCheck(RetentionProperties properties) {
        return properties::problems;
    }
}
