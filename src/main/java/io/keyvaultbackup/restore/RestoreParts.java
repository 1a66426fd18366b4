package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.Vaults;
import java.time.InstantSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;

/** What restores and drills are made with. What is of the job database is opened only when it is asked for: a dry run does without. */
record RestoreParts(
        RestoreProperties properties,
        ObjectProvider<BackupStore> stores,
        ObjectProvider<Leases> leases,
        CheckedCopies copies,
        TargetWorld world,
        Vaults vaults,
        ObjectProvider<RestoreLedger> ledgers,
        ObjectProvider<JobRepository> repositories,
        ObjectProvider<PlatformTransactionManager> transactionManagers,
        ObjectProvider<JobOperator> operators,
        Traces traces,
        Stopwatch stopwatch,
        InstantSource clock) {

    /** Where the store is that the snapshot is in. */
    String locationOf(StoredSnapshot snapshot) {
        return stores.getObject().ofVault(snapshot.vault()).location();
    }

    RestoreLedger ledger() {
        return ledgers.getObject();
    }

    JobRepository repository() {
        return repositories.getObject();
    }

    PlatformTransactionManager transactions() {
        return transactionManagers.getObject();
    }

    JobOperator operator() {
        return operators.getObject();
    }
}
