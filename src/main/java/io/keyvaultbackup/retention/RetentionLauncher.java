package io.keyvaultbackup.retention;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.pipeline.VaultLease;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.Retention;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.ObjectProvider;

/** Launches forgetting, one vault at a time, each under its lease. */
final class RetentionLauncher implements Retention {

    /** In place of a snapshot's id, for whoever meets the lease. */
    private static final String LEASED_FOR = "forget";

    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<BlobRemoval> removals;
    private final ObjectProvider<Leases> leases;
    private final ObjectProvider<Signer> signers;
    private final ObjectProvider<ForgetJob> jobs;
    private final SnapshotLabels labels;
    private final SignatureKey key;
    private final RetentionProperties properties;
    private final VaultPolicies policies;
    private final RetentionMeters meters;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    RetentionLauncher(
            ObjectProvider<BackupStore> stores,
            ObjectProvider<BlobRemoval> removals,
            ObjectProvider<Leases> leases,
            ObjectProvider<Signer> signers,
            ObjectProvider<ForgetJob> jobs,
            SnapshotLabels labels,
            SignatureKey key,
            RetentionProperties properties,
            VaultPolicies policies,
            RetentionMeters meters,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.stores = stores;
        this.removals = removals;
        this.leases = leases;
        this.signers = signers;
        this.jobs = jobs;
        this.labels = labels;
        this.key = key;
        this.properties = properties;
        this.policies = policies;
        this.meters = meters;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public boolean hasPolicy(String vault) {
        return policies.of(vault).isPresent();
    }

    @Override
    public RunRefusedException noPolicy(Collection<String> vaults) {
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "No policy was specified"
                        + (vaults.isEmpty() ? "" : " of " + String.join(", ", vaults))
                        + ", no snapshots will be removed. Say what is to be kept: --keep-last, -hourly, -daily,"
                        + " -weekly, -monthly, -yearly, --keep-within or --keep-tag (keyvault-backup.retention.*).");
    }

    @Override
    public void check() {
        if (policies.isEmpty()) {
            throw noPolicy(List.of());
        }
        policies.withoutRule().ifPresent(vault -> {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "Of " + vault
                            + " nothing would be kept: it has a policy of its own (keyvault-backup.fleet.vaults[].retention), and the"
                            + " options leave it without any rule. No snapshots will be removed.");
        });
        if (key.key() != null && signers.getIfAvailable() == null) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "keyvault-backup.signature.public-key-file is given, and nobody is there to sign: tombstones that are not signed would not"
                            + " be believed. Give keyvault-backup.signature.key-file or .key-id, too.");
        }
    }

    @Override
    public RetentionResult plan(String vault, RunMonitor monitor) {
        Instant startedAt = clock.instant();
        Forgetting forgetting = forgetting(vault, startedAt, monitor, new StopSignal(), () -> true);
        try {
            forgetting.plan();
            forgetting.examine();
            forgetting.markForDryRun();
            forgetting.sweepForDryRun();
            return told(vault, forgetting.result(true, false, since(startedAt)));
        } finally {
            forgetting.end();
        }
    }

    @Override
    public RetentionResult forget(String vault, RunMonitor monitor, StopSignal stop) {
        check();
        StopSignal ofThis = new StopSignal();
        stop.onGiven(ofThis::give);
        try (KeptLease lease = KeptLease.of(() -> take(vault, ofThis), vault, LEASED_FOR, ofThis, clock)) {
            RetentionResult result = underLease(vault, monitor, lease, ofThis);
            meters.ended(result);
            return result;
        }
    }

    private Lease take(String vault, StopSignal stop) {
        try {
            return VaultLease.take(leases::getObject, new StoppableCalls(stop, stopwatch), vault, LEASED_FOR, 1);
        } catch (StoppedException stopped) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STOPPED, "It was stopped before anything of " + vault + " was removed.");
        }
    }

    private RetentionResult underLease(String vault, RunMonitor monitor, KeptLease lease, StopSignal stop) {
        Instant startedAt = clock.instant();
        Forgetting forgetting = forgetting(vault, startedAt, monitor, stop, lease::isHeld);
        try {
            Optional<Throwable> failed = jobs.getObject().run(vault, forgetting, stop);
            failed.ifPresent(thrown -> {
                RuntimeException understood = understand(thrown);
                if (forgetting.tally().isEmpty()) {
                    throw understood;
                }
                forgetting.tally().failed(new Incident("the store", failureOf(understood)));
            });
            if (failed.isEmpty() && !stop.isGiven()) {
                removeOldNotes(forgetting);
            }
            lease.lost()
                    .ifPresent(lost -> forgetting
                            .tally()
                            .failed(new Incident(
                                    "the lease",
                                    Failure.of(FailureReason.STORE_UNAVAILABLE, String.valueOf(lost.getMessage())))));
            return told(
                    vault,
                    forgetting.result(false, stop.isGiven() && lease.lost().isEmpty(), since(startedAt)));
        } finally {
            forgetting.end();
        }
    }

    private static void removeOldNotes(Forgetting forgetting) {
        try {
            forgetting.removeOldNotes();
        } catch (StoppedException stopped) {
            // the next one goes on
        } catch (FailureException refused) {
            forgetting.tally().failed(new Incident("notes of stops and Jobs", refused.failure()));
        }
    }

    private static RuntimeException understand(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException understood) {
                return understood;
            }
            if (cause instanceof RunRefusedException refused) {
                return refused;
            }
        }
        throw new IllegalStateException("Forgetting failed: " + failed.getMessage(), failed);
    }

    private static Failure failureOf(RuntimeException understood) {
        return understood instanceof FailureException failed
                ? failed.failure()
                : Failure.of(FailureReason.UNKNOWN, String.valueOf(understood.getMessage()));
    }

    private Forgetting forgetting(
            String vault, Instant now, RunMonitor monitor, StopSignal stop, BooleanSupplier held) {
        KeepPolicy policy = policies.of(vault).orElseThrow(() -> noPolicy(List.of(vault)));
        Patience patience = new Patience(stopwatch);
        BlobRemoval removal = removals.getObject();
        Parts parts = new Parts(
                vault,
                stores.getObject(),
                removal,
                new Removing(removal, patience, stop, held),
                patience,
                key,
                signers.getIfAvailable(),
                now);
        return new Forgetting(parts, policy, LabelReading.in(labels, vault), properties.grace(), monitor);
    }

    private RetentionResult told(String vault, RetentionResult result) {
        return policies.own(vault).map(PolicyWords::of).map(result::by).orElse(result);
    }

    private Duration since(Instant startedAt) {
        return Duration.between(startedAt, clock.instant());
    }
}
