package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.VaultSource;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreProperties;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    FleetProperties.class,
    DiscoveryProperties.class,
    StoreProperties.class,
    ProtectionProperties.class
})
@Import({ConfiguredFleet.class, FleetDiscovery.class, ListedTerms.class})
public class FleetListConfiguration {

    @Bean
    static ConfigurationCheck fleetCheck(
            FleetProperties fleet,
            AzureProperties azure,
            ProtectionProperties protection,
            StoreProperties store,
            ConfigurableEnvironment environment) {
        return () -> fleet.problems(
                azure.cloud().vaultSuffix(), protection, store, new CommandLine(environment).namesStore());
    }

    @Bean
    static ConfigurationCheck discoveryCheck(DiscoveryProperties properties) {
        return properties::problems;
    }

    @Bean
    static VaultSource discoverySource(DiscoveryProperties properties) {
        return properties::enabled;
    }

    @Bean
    KnownVaults knownVaults(
            DiscoveryProperties properties,
            AzureProperties azure,
            ObjectProvider<BackupStore> stores,
            Stopwatch stopwatch,
            InstantSource clock) {
        return new KnownVaults(properties, azure, stores, new Patience(stopwatch), clock);
    }

    @Bean
    CommandLine commandLine(ConfigurableEnvironment environment) {
        return new CommandLine(environment);
    }
}
