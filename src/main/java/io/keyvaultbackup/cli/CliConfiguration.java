package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.NamedVaults;
import io.keyvaultbackup.run.VaultSource;
import io.keyvaultbackup.service.ExitMeaning;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackupSelectionProperties.class)
public class CliConfiguration {

    @Bean
    static VaultsAreNamed vaultsAreNamed(BackupSelectionProperties properties, List<VaultSource> others) {
        return new VaultsAreNamed(properties, others);
    }

    @Bean
    NamedVaults namedVaults(BackupSelectionProperties properties, AzureProperties azure) {
        return () -> properties.addresses(azure.cloud().vaultSuffix());
    }

    @Bean
    static ConfigurationCheck selectionCheck(BackupSelectionProperties properties, AzureProperties azure) {
        return () -> properties.problems(azure.cloud().vaultSuffix());
    }

    @Bean
    ExitMeaning exitMeaning() {
        return exitCode -> ExitCode.of(exitCode).meaning();
    }

    @Bean
    static ConfigurationCheck trustCheck(Environment environment) {
        return new TrustCheck(environment);
    }
}
