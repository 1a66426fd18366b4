package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FleetProperties.class, StoreProperties.class, ProtectionProperties.class})
@Import(ConfiguredFleet.class)
public class FleetListConfiguration {

    @Bean
    static ConfigurationCheck fleetCheck(
            FleetProperties fleet, AzureProperties azure, ProtectionProperties protection, StoreProperties store) {
        return () -> fleet.problems(azure.cloud().vaultSuffix(), protection, store);
    }

    @Bean
    CommandLine commandLine(ConfigurableEnvironment environment) {
        return new CommandLine(environment);
    }
}
