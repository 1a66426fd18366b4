package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.ChainExamination;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryStore;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Five signed nights of a vault in a directory store, which is copied for each test; and forgetting without the application around it. */
final class Nights {

    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    final String vault;
    final List<String> snapshots;
    final SigningKeys keys;
    private final Path directory;
    private final Path original;
    private int copies;

    Nights(Path directory, KeyVaultEmulator emulator) {
        this.directory = directory;
        this.keys = SigningKeys.in(directory);
        Bench bench = new Bench(directory, emulator);
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        EmulatedVault emulated = emulator.vault("nights");
        emulated.secrets("app", 4);
        emulated.key("signing");
        for (int day = 20; day <= 24; day++) {
            Bench.Result result = bench.backUp(emulated, "--scheduled-for", "2026-11-" + day + "T03:00:00Z");
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            emulated.rotate("secret", "app000001");
        }
        this.original = bench.store();
        List<StoredManifest> manifests = manifests(new DirectoryStore(original), emulated);
        this.vault = manifests
                .getFirst()
                .name()
                .substring(0, manifests.getFirst().name().indexOf('/'));
        this.snapshots =
                manifests.stream().map(manifest -> manifest.snapshot().value()).toList();
    }

    private static List<StoredManifest> manifests(BackupStore store, EmulatedVault emulated) {
        String host = emulated.uri().getHost() + "_" + emulated.uri().getPort();
        return Chain.manifests(store, host);
    }

    /** A store of its own, notes beside the blobs too. */
    Path copy() {
        try {
            Path place = Files.createDirectory(directory.resolve("copy-" + copies++));
            try (Stream<Path> files = Files.walk(original)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = original.relativize(file).toString();
                    if (!name.startsWith(".")) {
                        Files.createDirectories(place.resolve(name).getParent());
                        Files.copy(file, place.resolve(name));
                    }
                }
            }
            return place;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    SignatureKey key() {
        return new SignatureKey(keys.publicKey());
    }

    static KeepPolicy last(int number) {
        return new KeepPolicy(number, 0, 0, 0, 0, 0, null, new TreeSet<>(), ZoneOffset.UTC);
    }

    Forgetting forgetting(CrashingStore store, KeepPolicy policy, Instant now) {
        return forgetting(store, policy, now, snapshot -> Labels.NONE, Duration.ofDays(7), new StopSignal());
    }

    Forgetting forgetting(
            CrashingStore store, KeepPolicy policy, Instant now, LabelReading labels, Duration grace, StopSignal stop) {
        return new Forgetting(parts(store, now, stop, key(), signer(keys)), policy, labels, grace, new RunMonitor());
    }

    /** The last two are kept. */
    Forgetting forgetting(CrashingStore store, SignatureKey key, @Nullable Signer signer) {
        return new Forgetting(
                parts(store, NOW, new StopSignal(), key, signer),
                last(2),
                snapshot -> Labels.NONE,
                Duration.ofDays(7),
                new RunMonitor());
    }

    private Parts parts(CrashingStore store, Instant now, StopSignal stop, SignatureKey key, @Nullable Signer signer) {
        Patience patience = new Patience(new TestStopwatch());
        return new Parts(
                vault, store, store, new Removing(store, patience, stop, () -> true), patience, key, signer, now);
    }

    /** What the job does, in one thread. */
    static void run(Forgetting forgetting) {
        forgetting.plan();
        runAsPlanned(forgetting);
    }

    static void runAsPlanned(Forgetting forgetting) {
        forgetting.examine();
        forgetting.removeManifests();
        markAndSweep(forgetting);
    }

    static void markAndSweep(Forgetting forgetting) {
        forgetting.mark();
        for (Sweep.@Nullable Unneeded next = forgetting.nextUnneeded();
                next != null;
                next = forgetting.nextUnneeded()) {
            forgetting.remove(next);
        }
        forgetting.end();
    }

    /** What a dry run does. */
    static RetentionResult dryRun(Forgetting forgetting) {
        forgetting.plan();
        forgetting.examine();
        forgetting.markForDryRun();
        forgetting.sweepForDryRun();
        forgetting.end();
        return forgetting.result(true, false, Duration.ZERO);
    }

    static Signer signer(SigningKeys keys) {
        PrivateKey key;
        try {
            byte[] bytes = Base64.getDecoder().decode(keys.secret());
            key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Signer() {
            @Override
            public String keyId() {
                return "nights";
            }

            @Override
            public byte[] sign(byte[] sha256) {
                try {
                    Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
                    signature.initSign(key);
                    signature.update(sha256);
                    return signature.sign();
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        };
    }

    /** Every manifest that is there is whole and signed, has all its copies, and the chain has no gap. */
    void assertWhole(Path root) {
        assertThat(damage(root)).isEmpty();
    }

    List<IntegrityFinding> damage(Path root) {
        List<IntegrityFinding> findings = new ArrayList<>();
        BackupStore store = new DirectoryStore(root);
        Patience patience = new Patience(new TestStopwatch());
        List<StoredManifest> manifests = Chain.manifests(store, vault);
        assertThat(manifests).isNotEmpty();
        ManifestExamination examination = new ManifestExamination(store, patience, key(), findings::add);
        ManifestExamination.@Nullable Examined last = null;
        for (StoredManifest manifest : manifests) {
            last = examination.examine(vault, manifest, object -> {
                var blob = object.result().blob();
                if (blob != null
                        && store.find(blob.name())
                                .filter(found -> found.size() == blob.size())
                                .isEmpty()) {
                    findings.add(
                            new IntegrityFinding(IntegrityProblem.COPY_MISSING, blob.name(), "of " + manifest.name()));
                }
            });
        }
        new ChainExamination(store, patience, key(), examination, findings::add)
                .examine(vault, manifests, manifests.getLast(), java.util.Objects.requireNonNull(last));
        return findings.stream()
                .filter(finding -> finding.problem().level() == IntegrityProblem.Level.DAMAGE)
                .distinct()
                .toList();
    }

    static List<String> names(Path root) {
        try (Stream<StoredBlob> blobs = new DirectoryStore(root).listNames("")) {
            return blobs.map(StoredBlob::name).toList();
        }
    }
}
