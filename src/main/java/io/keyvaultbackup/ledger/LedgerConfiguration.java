package io.keyvaultbackup.ledger;

import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    FlywayConfigurationCustomizer springBatchTables() {
        return flyway -> flyway.javaMigrations(new SpringBatchTables());
    }

    @Bean
    FlywayMigrationStrategy schemaCheck() {
        return new SchemaCheck();
    }
}
