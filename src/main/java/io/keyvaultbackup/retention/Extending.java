package io.keyvaultbackup.retention;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.pipeline.VaultLease;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.Extension;
import io.keyvaultbackup.snapshot.Extensions;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Extends retentions. Each manifest is examined whole, and its signature where a public key is configured, before its promise is believed: whoever
 * may add manifests could else have anything kept for ever. Holds the vault's lease, since between looking at a blob's retention and setting it another
 * could set a longer one. Needs no database; what was extended ends late enough the next time. Safe for use by many threads.
 */
final class Extending implements Extensions {

    /** In place of a snapshot's id, for whoever meets the lease. */
    private static final String LEASED_FOR = "protect";

    private static final int THREADS = 8;

    private final ObjectProvider<BlobProtection> protections;
    private final ObjectProvider<Leases> leases;
    private final Catalogue catalogue;
    private final CheckedCopies copies;
    private final Patience patience;
    private final StoppableCalls calls;
    private final InstantSource clock;

    Extending(
            ObjectProvider<BlobProtection> protections,
            ObjectProvider<Leases> leases,
            Catalogue catalogue,
            CheckedCopies copies,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.protections = protections;
        this.leases = leases;
        this.catalogue = catalogue;
        this.copies = copies;
        this.patience = new Patience(stopwatch);
        this.calls = new StoppableCalls(new StopSignal(), stopwatch); // nothing stops it as yet
        this.clock = clock;
    }

    @Override
    public boolean isPossibleFor(String vault) {
        return protections.getObject().isPossibleFor(vault);
    }

    @Override
    public Extension extend(String vault, boolean dryRun) {
        BlobProtection protection = protections.getObject();
        if (!protection.isPossibleFor(vault)) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "A directory can protect nothing; only a container with version-level immutability can.");
        }
        if (dryRun) {
            return extend(protection, vault, true, () -> true);
        }
        try (KeptLease lease = KeptLease.of(
                () -> VaultLease.take(leases::getObject, calls, vault, LEASED_FOR, 1),
                vault,
                LEASED_FOR,
                new StopSignal(),
                clock)) {
            Extension extension = extend(protection, vault, false, lease::isHeld);
            List<Incident> incidents = new ArrayList<>(extension.incidents());
            lease.lost()
                    .ifPresent(lost -> incidents.add(new Incident(
                            "the lease",
                            Failure.of(FailureReason.STORE_UNAVAILABLE, String.valueOf(lost.getMessage())))));
            return new Extension(
                    vault,
                    extension.snapshots(),
                    extension.blobs(),
                    extension.endingEarly(),
                    extension.extended(),
                    incidents);
        }
    }

    private Extension extend(BlobProtection protection, String vault, boolean dryRun, BooleanSupplier held) {
        List<Incident> incidents = new ArrayList<>();
        PromisedTimes times = new PromisedTimes();
        Instant now = patience.call(() -> protection.now(vault));
        int snapshots = 0;
        for (StoredSnapshot snapshot : catalogue.snapshots(List.of(vault))) {
            snapshots += promise(snapshot, now, times, incidents) ? 1 : 0;
        }
        PromisedTimes.Found found = times.in(patience.call(() -> {
            try (Stream<BlobVersion> blobs = protection.list(vault + "/")) {
                return blobs.filter(times::isOfInterest).toList();
            }
        }));
        found.missing()
                .forEach(name -> incidents.add(new Incident(
                        name,
                        Failure.of(
                                FailureReason.COPY_DAMAGED,
                                "a snapshot that is to be kept needs it, and the store has neither the version that the manifest tells of nor"
                                        + " another under its name"))));
        Map<BlobVersion, Instant> early = new LinkedHashMap<>(found.until());
        early.entrySet().removeIf(blob -> !PromisedTimes.endsEarly(blob.getKey(), blob.getValue()));
        long extended = dryRun ? 0 : extend(protection, early, held, incidents);
        return new Extension(vault, snapshots, found.until().size(), early.size(), extended, incidents);
    }

    /** Whether the snapshot is to be kept still; one that cannot be read is told, and promises nothing. */
    private boolean promise(StoredSnapshot snapshot, Instant now, PromisedTimes times, List<Incident> incidents) {
        StoredManifest manifest = snapshot.manifest();
        try {
            @Nullable Instant until = catalogue.head(manifest).immutableUntil();
            if (until == null || !until.isAfter(now)) {
                return false;
            }
            List<ObjectResult.Blob> blobs = new ArrayList<>();
            patience.call(() -> {
                blobs.clear();
                return copies.objects(snapshot, examined -> {}, object -> {
                    if (object.result().blob() != null) {
                        blobs.add(object.result().blob());
                    }
                });
            });
            times.manifest(manifest, until);
            blobs.forEach(blob -> times.copy(blob, until));
            return true;
        } catch (RunRefusedException damaged) {
            incidents.add(new Incident(
                    manifest.name(), Failure.of(FailureReason.COPY_DAMAGED, String.valueOf(damaged.getMessage()))));
        } catch (FailureException unread) {
            incidents.add(new Incident(manifest.name(), unread.failure()));
        }
        return false;
    }

    private record Try(boolean extended, @Nullable Incident incident) {}

    private long extend(
            BlobProtection protection,
            Map<BlobVersion, Instant> early,
            BooleanSupplier held,
            List<Incident> incidents) {
        Iterator<Map.Entry<BlobVersion, Instant>> rest = early.entrySet().iterator();
        Stage<Try> stage = Stage.<Map.Entry<BlobVersion, Instant>, Try>workAhead(
                "protect",
                THREADS,
                () -> rest.hasNext() && held.getAsBoolean() ? rest.next() : null,
                blob -> extend(protection, blob.getKey(), blob.getValue(), held));
        long extended = 0;
        stage.open(new ExecutionContext());
        try {
            for (@Nullable Try one = stage.read(); one != null; one = stage.read()) {
                extended += one.extended() ? 1 : 0;
                if (one.incident() != null) {
                    incidents.add(one.incident());
                }
            }
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) { // Spring Batch's reader declares it
            throw new IllegalStateException(failed);
        } finally {
            stage.close();
        }
        return extended;
    }

    private static void goOn(BooleanSupplier held) {
        if (!held.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    private Try extend(BlobProtection protection, BlobVersion blob, Instant until, BooleanSupplier held) {
        try {
            return new Try(patience.call(() -> protection.extend(blob.blob(), until, () -> goOn(held))), null);
        } catch (StoppedException leaseLost) {
            return new Try(false, null); // told once, of the lease
        } catch (FailureException failed) {
            return new Try(false, new Incident(blob.name(), failed.failure()));
        }
    }
}
