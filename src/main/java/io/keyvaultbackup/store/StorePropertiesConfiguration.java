package io.keyvaultbackup.store;

import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is said of the store, and whether it can be right: also where none is named, and {@link StoreConfiguration} gives nothing. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StoreProperties.class, ProtectionProperties.class})
public class StorePropertiesConfiguration {

    @Bean
    static ConfigurationCheck storeCheck(StoreProperties properties) {
        return properties::problems;
    }

    @Bean
    static ConfigurationCheck protectionCheck(ProtectionProperties properties, StoreProperties store) {
        return () -> properties.problems(store);
    }
}
