package io.keyvaultbackup;

import io.keyvaultbackup.azure.AzureConfiguration;
import io.keyvaultbackup.azure.ProxyUser;
import io.keyvaultbackup.backup.BackupConfiguration;
import io.keyvaultbackup.cli.CliConfiguration;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.doctor.DoctorConfiguration;
import io.keyvaultbackup.fleet.FleetConfiguration;
import io.keyvaultbackup.fleet.FleetListConfiguration;
import io.keyvaultbackup.fleet.azure.ResourceGraphConfiguration;
import io.keyvaultbackup.ledger.LedgerConfiguration;
import io.keyvaultbackup.restore.RestoreConfiguration;
import io.keyvaultbackup.retention.RetentionConfiguration;
import io.keyvaultbackup.signature.SignatureConfiguration;
import io.keyvaultbackup.snapshot.SnapshotConfiguration;
import io.keyvaultbackup.store.azure.BlobContainerStoreConfiguration;
import io.keyvaultbackup.store.directory.DirectoryStoreConfiguration;
import io.keyvaultbackup.vault.azure.SigningConfiguration;
import io.keyvaultbackup.verify.VerifyConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The program. Its parts are named: to look for them, each start would read every class file, of the tests as well where it runs in one. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    AzureConfiguration.class,
    BackupConfiguration.class,
    CliConfiguration.class,
    DoctorConfiguration.class,
    FleetConfiguration.class,
    FleetListConfiguration.class,
    LedgerConfiguration.class,
    ResourceGraphConfiguration.class,
    RestoreConfiguration.class,
    RetentionConfiguration.class,
    SignatureConfiguration.class,
    SnapshotConfiguration.class,
    BlobContainerStoreConfiguration.class,
    DirectoryStoreConfiguration.class,
    SigningConfiguration.class,
    VerifyConfiguration.class
})
public class KeyvaultBackup {

    public static void main(String[] arguments) {
        ProxyUser.allowBasic();
        System.exit(CommandLineInterface.ofThisProcess(KeyvaultBackup.class).execute(arguments));
    }
}
