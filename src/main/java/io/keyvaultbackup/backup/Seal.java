package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ManagedObjects;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.SeenCopies;
import io.keyvaultbackup.ledger.StoredObjects;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Settlement;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.ChainLink;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.ManifestWriter;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.VaultPlace;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import tools.jackson.core.exc.JacksonIOException;

/**
 * The last step: looks whether the store holds what was written, lets keys and secrets follow their certificates, says how the run stands, and writes the
 * manifest, which makes the snapshot exist.
 * Where nothing at all could be listed there is nothing to tell of, and no manifest.
 */
final class Seal implements Tasklet {

    static final String INCOMPLETE = "INCOMPLETE";

    private static final Logger LOG = LoggerFactory.getLogger(Seal.class);

    private final RunRequest request;
    private final int execution;
    private final Instant startedAt;
    private final ObjectLedger ledger;
    private final StoredObjects stored;
    private final StoreLook look;
    private final ManagedObjects managed;
    private final Settling settling;
    private final VaultPlace place;
    private final BackupStore store;
    private final AskedProtection protection;
    private final StoppableCalls calls;
    private final BooleanSupplier held;
    private final @Nullable Signer signer;
    private final Patience patience;
    private final InstantSource clock;
    private final RunMonitor monitor;

    private RunStatus status = RunStatus.FAILED;
    private @Nullable String manifest;
    private Settlement settlement = Settlement.NONE;
    private int missing;
    private OptionalInt mostVersions = OptionalInt.empty();

    /** @param held whether the vault's lease is, at this very moment */
    Seal(
            RunRequest request,
            int execution,
            Instant startedAt,
            ObjectLedger ledger,
            StoredObjects stored,
            StoreLook look,
            ManagedObjects managed,
            Settling settling,
            VaultPlace place,
            BackupStore store,
            AskedProtection protection,
            @Nullable Signer signer,
            StoppableCalls calls,
            BooleanSupplier held,
            Patience patience,
            InstantSource clock,
            RunMonitor monitor) {
        this.request = request;
        this.execution = execution;
        this.startedAt = startedAt;
        this.ledger = ledger;
        this.stored = stored;
        this.look = look;
        this.managed = managed;
        this.settling = settling;
        this.place = place;
        this.store = store;
        this.protection = protection;
        this.signer = signer;
        this.calls = calls;
        this.held = held;
        this.patience = patience;
        this.clock = clock;
        this.monitor = monitor;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        monitor.enter(RunMonitor.Phase.SEAL);
        try {
            status = seal(contribution) ? RunStatus.COMPLETE : RunStatus.INCOMPLETE;
            contribution.setExitStatus(
                    status == RunStatus.COMPLETE ? ExitStatus.COMPLETED : new ExitStatus(INCOMPLETE));
        } catch (StoppedException stopped) {
            status = RunStatus.STOPPED;
            contribution.getStepExecution().setTerminateOnly();
        }
        return RepeatStatus.FINISHED;
    }

    /** Whether the snapshot is complete, and sealed. */
    private boolean seal(StepContribution contribution) {
        SnapshotId snapshot = request.snapshot();
        settling.end();
        boolean looked = attempt(contribution, () -> {
            SeenCopies seen = calls.call(look::beforeSeal);
            missing = stored.missingBecomePending(
                    snapshot, execution, seen, protection::reliedOn, Outcome.BACKED_UP, Outcome.UNCHANGED);
        });
        managed.followCertificates(
                snapshot,
                execution,
                request.selection().kinds().contains(ObjectKind.CERTIFICATE),
                !settling.isWanted());
        Map<Outcome, Long> counts = ledger.counts(snapshot);
        List<Listing> listings = ledger.listings(snapshot);
        boolean everythingListed =
                listings.stream().filter(listing -> listing.failure() == null).count()
                        == request.selection().kinds().size();
        boolean done = everythingListed
                && settling.isDone()
                && counts.keySet().stream().allMatch(Outcome::isDone);
        boolean anything = !counts.isEmpty() || listings.stream().anyMatch(listing -> listing.failure() == null);
        boolean allThere = looked && missing == 0 && !counts.containsKey(Outcome.PENDING);
        Settlement ofAll =
                allThere ? settling.settlement() : settling.settlement().withoutMoment();
        boolean sealed = looked
                && (!anything || attempt(contribution, () -> manifest = write(head(done, ofAll, listings, counts))));
        settlement = manifest == null ? ofAll.withoutMoment() : ofAll;
        return done && sealed;
    }

    private ManifestHead head(boolean done, Settlement ofAll, List<Listing> listings, Map<Outcome, Long> counts) {
        return new ManifestHead(
                request,
                execution,
                startedAt,
                clock.instant(),
                place,
                done,
                ofAll.consistentAsOf(),
                ofAll.moving(),
                ofAll.movingCount(),
                chain(),
                listings,
                counts,
                protection.promised(store));
    }

    /** Where the store does not do it, what is done is done all the same, and a relaunch has only this to do again. */
    private static boolean attempt(StepContribution contribution, Runnable what) {
        try {
            what.run();
            return true;
        } catch (FailureException failed) {
            LOG.debug("The store failed the seal", failed);
            contribution.getStepExecution().addFailureException(failed);
            return false;
        }
    }

    private ChainLink chain() {
        return calls.call(() ->
                patience.call(() -> Chain.next(store, SnapshotNames.of(request).vault())));
    }

    private String write(ManifestHead head) {
        try {
            Optional<String> name = draftAndPut(head);
            if (name.isEmpty()) { // it promised too much
                name = draftAndPut(head.promisingNothing());
            }
            return name.orElseThrow();
        } catch (IOException | JacksonIOException failed) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            "the manifest could not be drafted in " + System.getProperty("java.io.tmpdir") + ": "
                                    + failed.getMessage()),
                    failed);
        }
    }

    /** Its name, or nothing if it promises to be kept, and the store does not take it so. */
    private Optional<String> draftAndPut(ManifestHead head) throws IOException {
        Path file = Files.createTempFile("keyvault-backup-manifest", ".json");
        try {
            try (ManifestWriter writer = new ManifestWriter(Files.newOutputStream(file), head)) {
                ledger.forEach(request.snapshot(), object -> {
                    writer.write(object);
                    see(object);
                });
            }
            String name = SnapshotNames.of(request).manifest(execution);
            boolean promises = head.immutableUntil() != null;
            // First, so that no manifest is ever seen without its signature; by itself it is nothing.
            boolean put = signer == null
                    || put(name + SnapshotNames.SIGNATURE, BlobContent.of(signature(file, signer)), Map.of(), promises);
            put = put
                    && put(
                            name,
                            BlobContent.of(file),
                            Map.of(
                                    StoredManifest.COMPLETE, String.valueOf(head.complete()),
                                    StoredManifest.CHAIN,
                                            String.valueOf(head.chain().number())),
                            promises);
            return put ? Optional.of(name) : Optional.empty();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void see(LedgerObject object) {
        List<ObjectVersion> versions = object.result().versions();
        if (versions != null) {
            mostVersions = OptionalInt.of(Math.max(mostVersions.orElse(0), versions.size()));
        }
    }

    private byte[] signature(Path manifest, Signer by) throws IOException {
        DetachedSignature.Builder signature = new DetachedSignature.Builder(by);
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(manifest), signature.digest())) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return calls.call(() -> patience.call(signature::sign)).getBytes(StandardCharsets.US_ASCII);
    }

    /** False if it is to be put with its protection or not at all, and the store refuses that. */
    private boolean put(String name, BlobContent content, Map<String, String> metadata, boolean onlyProtected) {
        Protection asked = protection.ofManifest();
        return calls.call(() -> patience.call(
                () -> {
                    if (onlyProtected) {
                        return store.putIfProtected(name, content, metadata, asked);
                    }
                    store.put(name, content, metadata, asked);
                    return true;
                },
                this::requireLease));
    }

    /** Before each try: whoever has lost the lease must not be late. */
    private void requireLease() {
        if (!held.getAsBoolean()) {
            throw new StoppedException();
        }
        calls.requireNoStop();
    }

    /** How the run stands; FAILED until this step has run. */
    RunStatus status() {
        return status;
    }

    /** Of which moment the copies are, as the manifest tells it. */
    Settlement settlement() {
        return settlement;
    }

    /** What is to be told beside the objects' own failures. */
    Optional<Failure> failure() {
        return missing == 0
                ? Optional.empty()
                : Optional.of(Failure.of(
                        FailureReason.BLOB_MISSING,
                        "of the copies that were written or taken over, " + missing
                                + " are no longer in the store, or not as they were written"));
    }

    /** How many versions the object has that has the most, if they were listed; once the manifest is written. */
    OptionalInt mostVersions() {
        return mostVersions;
    }

    /** The manifest's name in the store, once written. */
    @Nullable
    String manifest() {
        return manifest;
    }
}
