package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.vault.Vaults;
import java.time.InstantSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** What restores and drills are made with. */
@Component
record RestoreParts(
        RestoreProperties properties,
        ObjectProvider<BackupStore> stores,
        ObjectProvider<Leases> leases,
        CheckedCopies copies,
        TargetWorld world,
        Vaults vaults,
        RestoreLedger ledger,
        JobRepository repository,
        PlatformTransactionManager transactions,
        JobOperator operator,
        Stopwatch stopwatch,
        InstantSource clock) {}
