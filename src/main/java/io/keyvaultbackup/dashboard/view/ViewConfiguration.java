package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunProgressNotes;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.VaultSummaries;
import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.NamedVaults;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.ProtectionLook;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ObjectiveProperties.class)
public class ViewConfiguration {

    /** One for each source of the fleet, and one for all of it; one that hangs holds its own, and no thread of the web server. */
    private static final int SOURCES = 6;

    private static final int QUESTIONS = 8;

    /** Each may hold a manifest that it reads. */
    private static final int CATALOGUES = 3;

    private static final ThreadFactory READERS =
            Thread.ofPlatform().daemon().name("dashboard-reads-", 1).factory();

    @Bean
    static ConfigurationCheck objectiveCheck(ObjectiveProperties properties) {
        return properties::problems;
    }

    /** Platform threads, as what the store's client first does may not be done on a virtual one that has to share two carriers. */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService sourceThreads() {
        return Executors.newFixedThreadPool(SOURCES, READERS);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService questionThreads() {
        return Executors.newFixedThreadPool(QUESTIONS, READERS);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService catalogueThreads() {
        return Executors.newFixedThreadPool(CATALOGUES, READERS);
    }

    @Bean
    StoreReads storeReads(ObjectProvider<BackupStore> stores, ExecutorService catalogueThreads) {
        return new StoreReads(stores, catalogueThreads);
    }

    @Bean
    DatabaseReads databaseReads(ExecutorService questionThreads) {
        return new DatabaseReads(questionThreads);
    }

    @Bean
    StoreReader storeReader(
            ObjectProvider<BackupStore> stores, ObjectProvider<ProtectionLook> looks, Catalogue catalogue) {
        return new StoreReader(stores, looks, catalogue);
    }

    @Bean
    FleetReader fleetReader(
            Fleet fleet,
            NamedVaults named,
            ObjectiveProperties objectives,
            ObjectProvider<VaultSummaries> rows,
            StoreReader reader,
            RunSchedule schedule,
            InstantSource clock,
            ExecutorService sourceThreads) {
        return new FleetReader(fleet, named, objectives, rows, reader, schedule, clock, sourceThreads);
    }

    @Bean
    RunReader runReader(DatabaseReads reads, ObjectProvider<RunSummaries> runs, VisibleVaults visible) {
        return new RunReader(reads, runs, visible);
    }

    @Bean
    RunDetailReader runDetailReader(
            DatabaseReads reads,
            ObjectProvider<RunSummaries> summaries,
            ObjectProvider<RunProgressNotes> notes,
            ObjectProvider<RunLedger> runs,
            ObjectProvider<ObjectPages> objects,
            InstantSource clock) {
        return new RunDetailReader(reads, summaries, notes, runs, objects, clock);
    }
}
