package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one manifest to its end and says what is wrong with it: schema, name, counts, SHA-256, signature. Whatever its length, a few objects are in
 * memory at a time. For one thread.
 */
public final class ManifestExamination {

    private static final int MOST_PROBLEMS = 20;
    private static final int LONGEST_SIGNATURE = 8192;

    private final BackupStore store;
    private final Patience patience;
    private final @Nullable PublicKey key;
    private final Consumer<IntegrityFinding> findings;
    private final ManifestSchema schema = new ManifestSchema();

    public ManifestExamination(
            BackupStore store, Patience patience, SignatureKey key, Consumer<IntegrityFinding> findings) {
        this.store = store;
        this.patience = patience;
        this.key = key.key();
        this.findings = findings;
    }

    /** What is known of a manifest once it was read. */
    public record Examined(@Nullable ManifestHead head, String sha256) {}

    /**
     * Reads it.
     *
     * @param vault the folder that it is in
     * @param objects given each object that could be read; the manifest may turn out to be damaged after that
     * @throws StoreException if the store did not give it
     */
    public Examined examine(String vault, StoredManifest manifest, Consumer<LedgerObject> objects) {
        Optional<DetachedSignature> signature = signatureOf(manifest);
        @Nullable
        MessageDigest signed =
                key == null ? null : signature.map(DetachedSignature::digest).orElse(null);
        MessageDigest digest = Sha256.digest();
        Reading reading = new Reading(vault, manifest, objects);
        try (InputStream opened = patience.call(() -> manifest.open(store));
                InputStream bytes = signed == null
                        ? new DigestInputStream(opened, digest)
                        : new DigestInputStream(new DigestInputStream(opened, digest), signed)) {
            try {
                ParallelSchemaCheck fits = new ParallelSchemaCheck(schema, reading::problems);
                try {
                    ManifestReader.readJson(bytes, reading::head, (json, execution, length) -> {
                        fits.check(json, length);
                        reading.object(ManifestReader.object(json, execution));
                    });
                } finally {
                    fits.end();
                }
                reading.end();
            } catch (UnreadableManifestException damaged) {
                found(
                        IntegrityProblem.MANIFEST_DAMAGED,
                        manifest,
                        damaged.failure().message());
            }
            bytes.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException | UncheckedIOException broken) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            "the manifest " + manifest.name() + " could not be read: " + broken.getMessage()),
                    broken);
        }
        String sha256 = Sha256.text(digest);
        if (manifest.sha256() != null && !manifest.sha256().equals(sha256)) {
            found(
                    IntegrityProblem.MANIFEST_CHANGED,
                    manifest,
                    "its SHA-256 is " + sha256 + ", and was " + manifest.sha256() + " when it was written");
        }
        if (key != null && signed != null && !signature.orElseThrow().isOf(signed, key)) {
            found(
                    IntegrityProblem.SIGNATURE_WRONG,
                    manifest,
                    "its signature, by a key that calls itself '"
                            + signature.orElseThrow().keyId()
                            + "', is not one of these bytes by the owner of the public key");
        }
        return new Examined(reading.head, sha256);
    }

    /** The same of one of the vault's other manifests, whether it is complete or not. */
    Examined examineAmongOthers(StoredManifest manifest) {
        String vault = manifest.name().substring(0, manifest.name().indexOf('/'));
        return new ManifestExamination(store, patience, new SignatureKey(key), found -> {
                    if (found.problem().level() == IntegrityProblem.Level.DAMAGE) {
                        findings.accept(found);
                    }
                })
                .examine(vault, manifest, object -> {});
    }

    private Optional<DetachedSignature> signatureOf(StoredManifest manifest) {
        String name = manifest.name() + SnapshotNames.SIGNATURE;
        String text;
        try (InputStream bytes = patience.call(() -> manifest.openSignature(store))) {
            text = new String(bytes.readNBytes(LONGEST_SIGNATURE), StandardCharsets.US_ASCII);
        } catch (StoreException failed) {
            if (failed.failure().reason() != FailureReason.NOT_FOUND) {
                throw failed;
            }
            if (key != null) {
                found(IntegrityProblem.SIGNATURE_MISSING, manifest, "it has no signature: there is no " + name);
            }
            return Optional.empty();
        } catch (IOException broken) {
            throw new StoreException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + broken.getMessage()),
                    broken);
        }
        try {
            DetachedSignature signature = DetachedSignature.parse(text);
            if (key == null) {
                found(
                        IntegrityProblem.SIGNATURE_NOT_CHECKED,
                        manifest,
                        "it is signed by a key that calls itself '" + signature.keyId()
                                + "'; to check that, give keyvault-backup.signature.public-key-file");
            }
            return Optional.of(signature);
        } catch (IllegalArgumentException none) {
            found(IntegrityProblem.SIGNATURE_WRONG, manifest, name + " is no signature: " + none.getMessage());
            return Optional.empty();
        }
    }

    private void found(IntegrityProblem problem, StoredManifest manifest, String message) {
        findings.accept(new IntegrityFinding(problem, manifest.name(), message));
    }

    /** What is seen while one manifest is read. */
    private final class Reading {

        private final String vault;
        private final StoredManifest manifest;
        private final Consumer<LedgerObject> objects;
        private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        private int problems;
        private @Nullable ManifestHead head;

        Reading(String vault, StoredManifest manifest, Consumer<LedgerObject> objects) {
            this.vault = vault;
            this.manifest = manifest;
            this.objects = objects;
        }

        void head(ObjectNode json) {
            ManifestHead read = ManifestReader.head(json);
            head = read;
            problems(schema.problemsOfHead(json).toList());
            String said = json.path("snapshot").asString("");
            boolean fits = read.request().vault().storeName().equals(vault)
                    && read.request().snapshot().equals(manifest.snapshot())
                    && said.equals(manifest.snapshot().value())
                    && read.execution() == manifest.execution();
            if (!fits) {
                found(
                        IntegrityProblem.MANIFEST_MISPLACED,
                        manifest,
                        "it is the manifest of snapshot " + said + ", execution " + read.execution() + ", of "
                                + read.request().vault());
            }
        }

        void object(LedgerObject object) {
            counts.merge(object.result().outcome(), 1L, Long::sum);
            objects.accept(object);
        }

        void problems(Iterable<String> found) {
            for (String problem : found) {
                if (problems++ < MOST_PROBLEMS) {
                    found(IntegrityProblem.MANIFEST_DAMAGED, manifest, "it does not fit its schema: " + problem);
                }
            }
        }

        void end() {
            if (head != null && !counts.equals(head.counts())) {
                found(
                        IntegrityProblem.MANIFEST_DAMAGED,
                        manifest,
                        "it says that it has " + head.counts() + ", and has " + counts);
            }
            if (head != null && !head.complete()) {
                found(IntegrityProblem.SNAPSHOT_INCOMPLETE, manifest, "the snapshot is INCOMPLETE: " + head.counts());
            }
        }
    }
}
