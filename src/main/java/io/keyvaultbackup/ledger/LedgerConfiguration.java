package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.ConfigurationCheck;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LedgerProperties.class)
@Import({
    AuditLog.class,
    ClosingListing.class,
    DatabaseExamination.class,
    DatabaseInitializationDependencyConfigurer.class,
    FormerCopies.class,
    LedgerPruning.class,
    ManagedObjects.class,
    ObjectLedger.class,
    ObjectPages.class,
    OldJobs.class,
    OldRuns.class,
    Requests.class,
    RestoreLedger.class,
    ReusedCopies.class,
    RunCounts.class,
    RunLedger.class,
    RunSummaries.class,
    RunProgressNotes.class,
    StoredObjects.class,
    ToldNotifications.class,
    VaultChecks.class,
    VaultClaims.class,
    VaultSummaries.class,
    VerificationLedger.class
})
public class LedgerConfiguration {

    @Bean
    static ConfigurationCheck ledgerCheck(LedgerProperties properties) {
        return properties::problems;
    }

    @Bean
    JobTables jobTables(DataSource dataSource, LedgerProperties properties, Environment environment) {
        return new JobTables(dataSource, new EmptyDatabase(properties, environment));
    }
}
