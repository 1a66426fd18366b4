package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ReusedCopies;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackupProperties.class)
@Import({
    BackupExecution.class,
    BackupLauncher.class,
    BackupMeters.class,
    BackupNews.class,
    BackupPlanner.class,
    EarlierCopies.class,
    LeasedRuns.class,
    LettingGo.class,
    OperatorStops.class,
    RunRecovery.class,
    RunResults.class,
    StoppedRuns.class,
    StoredRuns.class
})
public class BackupConfiguration {

    @Bean
    static ConfigurationCheck backupCheck(BackupProperties properties) {
        return properties::problems;
    }

    @Bean
    BackupJob backupJob(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ObjectLedger ledger,
            ReusedCopies reused,
            BackupProperties properties,
            BackupMeters meters,
            ObservationRegistry observations,
            Stopwatch stopwatch) {
        return new BackupJob(repository, transactions, ledger, reused, properties, meters, observations, stopwatch);
    }

    @Bean
    CommonBudgets commonBudgets(BackupProperties properties, Stopwatch stopwatch) {
        return new CommonBudgets(Budget.parse(properties.budget()), stopwatch);
    }
}
