package io.keyvaultbackup.restore;

import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RestoreProperties.class)
class RestoreConfiguration {

    @Bean
    static ConfigurationCheck restoreCheck(RestoreProperties properties) {
        return properties::problems;
    }
}
