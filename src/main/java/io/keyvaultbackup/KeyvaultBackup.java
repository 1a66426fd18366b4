package io.keyvaultbackup;

import io.keyvaultbackup.azure.AzureConfiguration;
import io.keyvaultbackup.azure.ProxyUser;
import io.keyvaultbackup.backup.BackupConfiguration;
import io.keyvaultbackup.cli.CliConfiguration;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.cli.ServedBy;
import io.keyvaultbackup.doctor.DoctorConfiguration;
import io.keyvaultbackup.fleet.FleetConfiguration;
import io.keyvaultbackup.fleet.FleetListConfiguration;
import io.keyvaultbackup.fleet.azure.ResourceGraphConfiguration;
import io.keyvaultbackup.launch.Launcher;
import io.keyvaultbackup.ledger.LedgerConfiguration;
import io.keyvaultbackup.notification.NotificationConfiguration;
import io.keyvaultbackup.pacing.TimeConfiguration;
import io.keyvaultbackup.restore.RestoreConfiguration;
import io.keyvaultbackup.retention.RetentionConfiguration;
import io.keyvaultbackup.signature.SignatureConfiguration;
import io.keyvaultbackup.signature.SignatureKeyConfiguration;
import io.keyvaultbackup.snapshot.SnapshotConfiguration;
import io.keyvaultbackup.store.StoreConfiguration;
import io.keyvaultbackup.store.StorePropertiesConfiguration;
import io.keyvaultbackup.store.azure.BlobContainerStoreConfiguration;
import io.keyvaultbackup.store.directory.DirectoryStoreConfiguration;
import io.keyvaultbackup.telemetry.OtlpConfiguration;
import io.keyvaultbackup.telemetry.PushgatewayConfiguration;
import io.keyvaultbackup.telemetry.TelemetryConfiguration;
import io.keyvaultbackup.telemetry.TracingConfiguration;
import io.keyvaultbackup.vault.azure.SigningConfiguration;
import io.keyvaultbackup.verify.VerifyConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.observation.BatchObservationAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The program. Its parts are named, and those of Spring Boot that it needs: to look for them, each start would read every class file, of the tests as well
 * where it runs in one, and weigh some forty that it has no use for (a tenth of the time that a start takes). */
@ServedBy(ServedProgram.class)
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    PropertyPlaceholderAutoConfiguration.class,
    SslAutoConfiguration.class,
    BatchAutoConfiguration.class,
    BatchJdbcAutoConfiguration.class,
    BatchObservationAutoConfiguration.class,
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    CompositeMeterRegistryAutoConfiguration.class,
    MetricsAutoConfiguration.class,
    ObservationAutoConfiguration.class,
    SimpleMetricsExportAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    TransactionManagerCustomizationAutoConfiguration.class
})
@Import({
    AzureConfiguration.class,
    BackupConfiguration.class,
    CliConfiguration.class,
    DoctorConfiguration.class,
    FleetConfiguration.class,
    FleetListConfiguration.class,
    LedgerConfiguration.class,
    NotificationConfiguration.class,
    ResourceGraphConfiguration.class,
    RestoreConfiguration.class,
    RetentionConfiguration.class,
    SignatureConfiguration.class,
    SignatureKeyConfiguration.class,
    SnapshotConfiguration.class,
    StoreConfiguration.class,
    StorePropertiesConfiguration.class,
    BlobContainerStoreConfiguration.class,
    DirectoryStoreConfiguration.class,
    SigningConfiguration.class,
    OtlpConfiguration.class,
    PushgatewayConfiguration.class,
    TelemetryConfiguration.class,
    TimeConfiguration.class,
    TracingConfiguration.class,
    VerifyConfiguration.class
})
public class KeyvaultBackup {

    public static void main(String[] arguments) {
        if (Launcher.answers(arguments)) { // taken apart, as in the image, the jar starts here
            return;
        }
        ProxyUser.allowBasic();
        // It would make Tomcat's and Spring web's classes known to every verb, in a thread of its own.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        System.exit(CommandLineInterface.ofThisProcess(KeyvaultBackup.class).execute(arguments));
    }
}
