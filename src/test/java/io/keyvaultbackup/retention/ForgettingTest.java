package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.RetentionResult.Action;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.directory.DirectoryStore;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes, what stays, and what is left wherever it is cut off. */
class ForgettingTest {

    private static final Instant LATER = Nights.NOW.plus(Duration.ofHours(1));

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static Nights nights;

    private Path root = directory;

    @BeforeAll
    static void backUp() {
        emulator = KeyVaultEmulator.start();
        nights = new Nights(directory, emulator);
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    @BeforeEach
    void copyStore() {
        root = nights.copy();
    }

    private RetentionResult forget(CrashingStore store) {
        Forgetting forgetting = nights.forgetting(store, Nights.last(2), Nights.NOW);
        Nights.run(forgetting);
        return forgetting.result(false, false, Duration.ZERO);
    }

    private List<String> manifests() {
        return Nights.names(root).stream()
                .filter(name -> name.contains("/manifests/") && name.endsWith(".json"))
                .toList();
    }

    private String manifest(int night) {
        return nights.vault + "/manifests/" + nights.snapshots.get(night) + ".1.json";
    }

    private String tombstone(int night) {
        return nights.vault + "/tombstones/" + nights.snapshots.get(night) + ".1.json";
    }

    @Test
    void whatNoRuleKeepsGoesWithAllThatNothingRefersTo() {
        // when
        RetentionResult result = forget(new CrashingStore(root));

        // then
        assertThat(manifests()).containsExactly(manifest(3), manifest(4));
        assertThat(result.counts().snapshots()).isEqualTo(3);
        assertThat(result.counts().manifests()).isEqualTo(3);
        assertThat(result.counts().blobs()).isPositive();
        assertThat(result.counts().orphans()).isZero();
        assertThat(result.swept()).isTrue();
        assertThat(result.snapshots()).hasSize(5);
        assertThat(result.snapshots().subList(0, 2))
                .allSatisfy(fate -> assertThat(fate.reasons()).contains("last snapshot"));
        assertThat(result.snapshots().subList(2, 5))
                .allSatisfy(fate -> assertThat(fate.isKept()).isFalse());
        assertThat(Nights.names(root))
                .contains(tombstone(0), tombstone(0) + ".jws", tombstone(2))
                .doesNotContain(manifest(0) + ".jws", tombstone(3));
        nights.assertWhole(root);

        // and again nothing is left to do
        CrashingStore again = new CrashingStore(root);
        RetentionResult second = forget(again);
        assertThat(again.removed()).isEmpty();
        assertThat(second.counts().blobs()).isZero();
    }

    @Test
    void whereverItIsCutOffEverythingThatIsThereIsWholeAndTheNextOneEndsIt() {
        // given
        CrashingStore uninterrupted = new CrashingStore(root);
        forget(uninterrupted);
        List<String> end = Nights.names(root);
        assertThat(uninterrupted.operations()).isGreaterThan(50);

        for (int operation = 1; operation <= uninterrupted.operations(); operation++) {
            // when
            Path place = nights.copy();
            CrashingStore crashing = new CrashingStore(place).crashBefore(operation);
            Forgetting first = nights.forgetting(crashing, Nights.last(2), Nights.NOW);
            assertThatThrownBy(() -> Nights.run(first)).isInstanceOf(CrashingStore.Crash.class);

            // then
            assertThat(nights.damage(place))
                    .as("cut off before operation " + operation)
                    .isEmpty();

            // and
            Nights.run(nights.forgetting(new CrashingStore(place), Nights.last(2), LATER));
            assertThat(Nights.names(place))
                    .as("cut off before operation " + operation)
                    .isEqualTo(end);
            assertThat(nights.damage(place))
                    .as("gone on after operation " + operation)
                    .isEmpty();
        }
    }

    @Test
    void aTombstoneOfAnEarlierTryIsKeptAsItIs() throws IOException {
        // given one that was cut off before the first manifest went
        crashBeforeTheFirstRemoval();
        byte[] before = Files.readAllBytes(root.resolve(tombstone(0)));

        // when
        Nights.run(nights.forgetting(new CrashingStore(root), Nights.last(2), LATER));

        // then
        assertThat(root.resolve(tombstone(0))).hasBinaryContent(before);
        assertThat(manifests()).hasSize(2);
        nights.assertWhole(root);
    }

    private void crashBeforeTheFirstRemoval() {
        CrashingStore crashing = new CrashingStore(root).beforeEachRemoval(() -> {
            throw new CrashingStore.Crash();
        });
        assertThatThrownBy(() -> forget(crashing)).isInstanceOf(CrashingStore.Crash.class);
        assertThat(manifests()).hasSize(5);
    }

    private List<String> tombstones() {
        return Nights.names(root).stream()
                .filter(name -> name.contains("/tombstones/"))
                .toList();
    }

    @Test
    void noTombstoneIsBesideItsManifestButThatOfTheNextOneToGo() {
        crashBeforeTheFirstRemoval();

        assertThat(tombstones()).containsExactly(tombstone(0), tombstone(0) + ".jws");
    }

    @Test
    void aTombstoneThatACrashLeftOfAManifestThatStaysIsTakenBack() {
        // given
        crashBeforeTheFirstRemoval();

        // when by another policy nothing goes
        Nights.run(nights.forgetting(new CrashingStore(root), Nights.last(5), LATER));

        // then a later removal of it does not pass for forgetting
        assertThat(tombstones()).isEmpty();
        assertThat(manifests()).hasSize(5);
        nights.assertWhole(root);
    }

    @Test
    void aTombstoneThatIsLockedOrWhoseManifestIsGoneIsNotTakenBack() {
        // given one whose signature is locked
        crashBeforeTheFirstRemoval();
        Protection lock = new Protection(Nights.NOW.plus(Duration.ofDays(3)), false);

        // when, as told and as only the refusal tells
        Nights.run(nights.forgetting(new CrashingStore(root).lock(tombstone(0) + ".jws", lock), Nights.last(5), LATER));
        Nights.run(nights.forgetting(
                new CrashingStore(root).withoutTellingLocks().lock(tombstone(0), lock), Nights.last(5), LATER));

        // then
        assertThat(tombstones()).hasSize(2);
        nights.assertWhole(root);

        // and
        forget(new CrashingStore(root));
        Nights.run(nights.forgetting(new CrashingStore(root), Nights.last(5), LATER));
        assertThat(tombstones()).hasSize(6);
    }

    @Test
    void aSignerThatIsNotTheKeysOwnerIsRefusedBeforeAnythingIsDone(@TempDir Path place) {
        // given
        List<String> before = Nights.names(root);
        Signer stranger = Nights.signer(SigningKeys.in(place));

        // when
        for (boolean dry : List.of(true, false)) {
            Forgetting forgetting = nights.forgetting(new CrashingStore(root), nights.key(), stranger);
            assertThatThrownBy(() -> {
                        if (dry) {
                            Nights.dryRun(forgetting);
                        } else {
                            Nights.run(forgetting);
                        }
                    })
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("is not the one whose public half");
        }

        // then
        assertThat(Nights.names(root)).isEqualTo(before);
    }

    @Test
    void ifOneThatIsToGoIsDamagedInItsBodyNothingGoesAndTheDryRunSaysTheSame() throws IOException {
        // given one whose head can be read, and nobody's key
        Path damaged = root.resolve(manifest(1));
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        List<String> before = Nights.names(root);
        CrashingStore store = new CrashingStore(root);

        // when
        RetentionResult dry = Nights.dryRun(nights.forgetting(store, new SignatureKey(null), null));
        Forgetting forgetting = nights.forgetting(store, new SignatureKey(null), null);
        Nights.run(forgetting);
        RetentionResult real = forgetting.result(false, false, Duration.ZERO);

        // then
        assertThat(Nights.names(root)).isEqualTo(before);
        assertThat(store.removed()).isEmpty();
        assertThat(real.notSwept()).isEqualTo(RetentionResult.NotSwept.UNREADABLE);
        assertThat(real.damage()).extracting(IntegrityFinding::subject).containsOnly(manifest(1));
        assertThat(real.snapshots())
                .extracting(RetentionResult.Fate::action)
                .containsExactly(Action.KEEP, Action.KEEP, Action.PENDING, Action.KEEP, Action.PENDING);
        assertThat(dry.snapshots()).isEqualTo(real.snapshots());
        assertThat(dry.counts()).isEqualTo(real.counts());
        assertThat(dry.damage()).isEqualTo(real.damage());
        assertThat(dry.notSwept()).isEqualTo(real.notSwept());
    }

    @Test
    void oneThatIsDamagedInItsBodyPushesNothingOut() throws IOException {
        // given the newest, whose head says that it is complete, and nobody's key
        Path damaged = root.resolve(manifest(4));
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        List<String> before = Nights.names(root);

        // when
        RetentionResult dry = Nights.dryRun(nights.forgetting(new CrashingStore(root), new SignatureKey(null), null));
        Forgetting forgetting = nights.forgetting(new CrashingStore(root), new SignatureKey(null), null);
        Nights.run(forgetting);
        RetentionResult real = forgetting.result(false, false, Duration.ZERO);

        // then
        assertThat(Nights.names(root)).isEqualTo(before);
        assertThat(real.damage()).extracting(IntegrityFinding::subject).containsOnly(manifest(4));
        assertThat(real.snapshots())
                .extracting(RetentionResult.Fate::action)
                .doesNotContain(Action.REMOVE)
                .contains(Action.PENDING);
        assertThat(dry.snapshots()).isEqualTo(real.snapshots());
        assertThat(dry.damage()).isEqualTo(real.damage());
    }

    @Test
    void whatIsPinnedOrLockedWhileOthersGoStaysWithoutATombstone() {
        // given
        Set<String> pinned = new HashSet<>();
        CrashingStore store = new CrashingStore(root);
        store.beforeEachRemoval(() -> {
            pinned.add(nights.snapshots.get(1));
            store.lock(manifest(2) + ".jws", new Protection(null, true));
        });
        Forgetting forgetting = nights.forgetting(
                store,
                Nights.last(2),
                Nights.NOW,
                snapshot -> Labels.of(pinned.contains(snapshot.value()), List.of()),
                Duration.ofDays(7),
                new StopSignal());

        // when
        Nights.run(forgetting);

        // then
        assertThat(manifests()).containsExactly(manifest(1), manifest(2), manifest(3), manifest(4));
        assertThat(tombstones()).containsExactly(tombstone(0), tombstone(0) + ".jws");
        assertThat(forgetting.result(false, false, Duration.ZERO).snapshots().subList(2, 5))
                .extracting(RetentionResult.Fate::reasons)
                .containsExactly(List.of("locked by a legal hold"), List.of("pinned"), List.of());
        nights.assertWhole(root);
    }

    @Test
    void aTombstoneThatDoesNotFitTheManifestIsReplacedWhileThatIsThere() throws IOException {
        Files.createDirectories(root.resolve(tombstone(0)).getParent());
        Files.writeString(root.resolve(tombstone(0)), "{\"schemaVersion\":1}");
        Files.writeString(root.resolve(tombstone(1) + ".jws"), "of a tombstone that never came");

        forget(new CrashingStore(root));

        assertThat(manifests()).hasSize(2);
        nights.assertWhole(root);
    }

    @Test
    void aTombstoneThatWasTamperedWithIsNamedAndTheChainIsBroken() throws IOException {
        forget(new CrashingStore(root));
        Path file = root.resolve(tombstone(1));
        Files.writeString(file, Files.readString(file).replace("\"complete\":true", "\"complete\":false"));

        assertThat(nights.damage(root))
                .extracting(IntegrityFinding::problem, IntegrityFinding::subject)
                .contains(org.assertj.core.groups.Tuple.tuple(IntegrityProblem.SIGNATURE_WRONG, tombstone(1)))
                .anySatisfy(tuple -> assertThat(tuple.toList().getFirst()).isEqualTo(IntegrityProblem.CHAIN_BROKEN));
    }

    @Test
    void aTombstoneWithoutASignatureIsNamed() throws IOException {
        forget(new CrashingStore(root));
        Files.delete(root.resolve(tombstone(2) + ".jws"));

        assertThat(nights.damage(root))
                .extracting(IntegrityFinding::problem)
                .containsExactlyInAnyOrder(IntegrityProblem.SIGNATURE_MISSING, IntegrityProblem.CHAIN_BROKEN);
    }

    @Test
    void aTombstoneThatIsGoneIsMissed() throws IOException {
        forget(new CrashingStore(root));
        Files.delete(root.resolve(tombstone(1)));

        assertThat(nights.damage(root)).singleElement().satisfies(finding -> {
            assertThat(finding.problem()).isEqualTo(IntegrityProblem.CHAIN_BROKEN);
            assertThat(finding.message()).contains(manifest(1));
        });
    }

    @Test
    void oneThatCanNotBeReadIsKeptAndNothingIsSwept() throws IOException {
        // given
        Path damaged = root.resolve(manifest(1));
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        List<String> copies = Nights.names(root).stream()
                .filter(name -> name.contains("/secret/") || name.contains("/key/"))
                .toList();

        // when
        RetentionResult result = forget(new CrashingStore(root));

        // then
        assertThat(manifests()).containsExactly(manifest(1), manifest(3), manifest(4));
        assertThat(result.swept()).isFalse();
        assertThat(result.damage()).extracting(IntegrityFinding::subject).containsOnly(manifest(1));
        assertThat(result.snapshots().get(3).reasons()).containsExactly("can not be read");
        assertThat(Nights.names(root)).containsAll(copies);
    }

    @Test
    void aForgedSnapshotPushesNothingOut() throws IOException {
        // given an unsigned one that is newer than all others
        String forged = nights.vault + "/manifests/20261124T090000Z-abcdef.1.json";
        Files.write(root.resolve(forged), Files.readAllBytes(root.resolve(manifest(4))));

        // when
        RetentionResult result = forget(new CrashingStore(root));

        // then
        assertThat(manifests()).containsExactly(manifest(3), manifest(4), forged);
        assertThat(result.swept()).isFalse();
        assertThat(result.damage()).isNotEmpty();
    }

    @Test
    void pinnedAndTaggedOnesStay() {
        Forgetting forgetting = nights.forgetting(
                new CrashingStore(root),
                new io.keyvaultbackup.snapshot.KeepPolicy(
                        1, 0, 0, 0, 0, 0, null, new TreeSet<>(List.of("audit")), java.time.ZoneOffset.UTC),
                Nights.NOW,
                snapshot -> Labels.of(
                        snapshot.value().equals(nights.snapshots.get(0)),
                        snapshot.value().equals(nights.snapshots.get(2)) ? List.of("audit") : List.of()),
                Duration.ofDays(7),
                new StopSignal());

        Nights.run(forgetting);

        assertThat(manifests()).containsExactly(manifest(0), manifest(2), manifest(4));
        nights.assertWhole(root);
    }

    @Test
    void whatIsPinnedMeanwhileStays() {
        // given a pin that comes once it was decided
        Set<String> pinned = new HashSet<>();
        Forgetting forgetting = nights.forgetting(
                new CrashingStore(root),
                Nights.last(2),
                Nights.NOW,
                snapshot -> Labels.of(pinned.contains(snapshot.value()), List.of()),
                Duration.ofDays(7),
                new StopSignal());
        forgetting.plan();
        pinned.add(nights.snapshots.get(1));

        // when
        Nights.runAsPlanned(forgetting);

        // then
        assertThat(manifests()).containsExactly(manifest(1), manifest(3), manifest(4));
        assertThat(forgetting
                        .result(false, false, Duration.ZERO)
                        .snapshots()
                        .get(3)
                        .reasons())
                .containsExactly("pinned");
        nights.assertWhole(root);
    }

    @Test
    void copiesOfAManifestThatComesWhileOthersAreReadStay() {
        // given one that is gone, with copies that nothing else refers to, and comes back while the first is read
        DirectoryStore directly = new DirectoryStore(root);
        List<String> names = List.of(manifest(1), manifest(1) + ".jws");
        List<BlobContent> contents = names.stream().map(this::content).toList();
        CrashingStore store = new CrashingStore(root);
        Forgetting forgetting = nights.forgetting(store, Nights.last(2), Nights.NOW);
        forgetting.plan();
        forgetting.examine();
        forgetting.removeManifests();
        assertThat(manifests()).containsExactly(manifest(3), manifest(4));
        List<String> copies = copiesOf(1);
        assertThat(copies).isNotEmpty();
        store.beforeNextOpen(() -> {
            for (int name = 0; name < names.size(); name++) {
                directly.put(names.get(name), contents.get(name), Map.of());
            }
        });

        // when
        Nights.markAndSweep(forgetting);

        // then
        assertThat(manifests()).containsExactly(manifest(1), manifest(3), manifest(4));
        assertThat(Nights.names(root)).containsAll(copies);
        assertThat(copiesOf(2, store.removed())).as("what only another one had").isNotEmpty();
        assertThat(nights.damage(root))
                .extracting(IntegrityFinding::problem)
                .doesNotContain(IntegrityProblem.COPY_MISSING);
    }

    private BlobContent content(String name) {
        try {
            return BlobContent.of(Files.readAllBytes(root.resolve(name)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Those that were made in that night. */
    private List<String> copiesOf(int night) {
        return copiesOf(night, Nights.names(root));
    }

    private List<String> copiesOf(int night, List<String> names) {
        String prefix = nights.vault + "/" + nights.snapshots.get(night) + "/";
        return names.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Test
    void whatIsLockedStaysWithAllItsCopies() {
        // given
        Instant until = Nights.NOW.plus(Duration.ofDays(3));
        CrashingStore store = new CrashingStore(root).lock(manifest(0), new Protection(until, false));

        // when
        RetentionResult result = forget(store);

        // then
        assertThat(manifests()).containsExactly(manifest(0), manifest(3), manifest(4));
        assertThat(result.snapshots().getLast().reasons()).containsExactly("locked until " + until);
        nights.assertWhole(root);
    }

    @Test
    void aCopyThatIsLockedStaysUntilItIsNot() {
        // given a copy that only the first night has
        String copy = Nights.names(root).stream()
                .filter(name ->
                        name.startsWith(nights.vault + "/" + nights.snapshots.getFirst() + "/secret/app000001."))
                .findFirst()
                .orElseThrow();
        Instant until = Nights.NOW.plus(Duration.ofDays(3));

        // when
        RetentionResult result = forget(new CrashingStore(root).lock(copy, new Protection(until, false)));

        // then
        assertThat(Nights.names(root)).contains(copy);
        assertThat(result.counts().locked()).isEqualTo(1);
        assertThat(result.counts().lockedUntil()).isEqualTo(until);
        assertThat(result.counts().lockedUntold()).isZero();

        // and where only the refusal tells
        RetentionResult refused =
                forget(new CrashingStore(root).withoutTellingLocks().lock(copy, new Protection(until, false)));
        assertThat(Nights.names(root)).contains(copy);
        assertThat(refused.counts().locked()).isEqualTo(1);
        assertThat(refused.counts().lockedUntold()).isEqualTo(1);
        assertThat(refused.incidents()).isEmpty();

        // and
        forget(new CrashingStore(root));
        assertThat(Nights.names(root)).doesNotContain(copy);
    }

    @Test
    void aManifestWhoseLockOnlyTheRefusalTellsStays() {
        CrashingStore store =
                new CrashingStore(root).withoutTellingLocks().lock(manifest(0), new Protection(null, true));

        RetentionResult result = forget(store);

        assertThat(manifests()).containsExactly(manifest(0), manifest(3), manifest(4));
        assertThat(result.snapshots().getLast().reasons()).containsExactly("locked");
        assertThat(tombstones())
                .doesNotContain(tombstone(0), tombstone(0) + ".jws")
                .hasSize(4);
        nights.assertWhole(root);
    }

    @Test
    void orphansGoOnceTheyAreOldEnoughAndWhatIsNotSealedNever() {
        // given a late write beside a kept snapshot, one beside a forgotten one, and a run that is not sealed; and what
        // is nobody's
        DirectoryStore store = new DirectoryStore(root);
        BlobContent bytes = BlobContent.of("late".getBytes(StandardCharsets.UTF_8));
        Map<String, String> young = Map.of("began", "2026-11-24T03:00:01Z");
        String kept = nights.vault + "/" + nights.snapshots.get(4) + "/secret/app000001.9";
        String keptAndOld = nights.vault + "/" + nights.snapshots.get(4) + "/secret/app000002.9";
        String forgotten = nights.vault + "/" + nights.snapshots.get(0) + "/secret/app000001.9";
        String unsealed = nights.vault + "/20261001T030000Z-abcdef/secret/app000001.1";
        String unknown = nights.vault + "/" + nights.snapshots.get(0) + "/notes/app000001.1";
        String report = nights.vault + "/reports/20261120T030000Z-abcdef.restore.json";
        String others = "other.vault.azure.net/" + nights.snapshots.get(0) + "/secret/app000001.9";
        for (String name : List.of(kept, forgotten, unknown, report, others)) {
            store.put(name, bytes, young);
        }
        store.put(keptAndOld, bytes, Map.of("began", "2026-11-01T03:00:00Z"));
        store.put(unsealed, bytes, Map.of("began", "2026-10-01T03:00:00Z"));

        // when
        RetentionResult result = forget(new CrashingStore(root));

        // then
        assertThat(Nights.names(root))
                .contains(kept, forgotten, unsealed, unknown, report, others)
                .doesNotContain(keptAndOld);
        assertThat(result.counts().orphans()).isEqualTo(1);
        assertThat(result.counts().orphansKept()).isEqualTo(2);
        assertThat(result.counts().unsealedRuns()).isEqualTo(1);
        assertThat(result.counts().unsealedBlobs()).isEqualTo(1);

        // and when they are old enough
        Nights.run(nights.forgetting(new CrashingStore(root), Nights.last(2), Nights.NOW.plus(Duration.ofDays(8))));
        assertThat(Nights.names(root))
                .contains(unsealed, unknown, report, others)
                .doesNotContain(kept, forgotten);
        nights.assertWhole(root);
    }

    @Test
    void aStopIsHeardBetweenTwoRemovals() {
        // given
        StopSignal stop = new StopSignal();
        CrashingStore store = new CrashingStore(root).beforeEachRemoval(stop::give);
        Forgetting forgetting =
                nights.forgetting(store, Nights.last(2), Nights.NOW, id -> Labels.NONE, Duration.ofDays(7), stop);

        // when
        assertThatThrownBy(() -> Nights.run(forgetting)).isInstanceOf(StoppedException.class);

        // then
        assertThat(store.removed()).hasSize(1);
        RetentionResult result = forgetting.result(false, true, Duration.ZERO);
        assertThat(result.snapshots())
                .extracting(RetentionResult.Fate::action)
                .containsExactly(Action.KEEP, Action.KEEP, Action.PENDING, Action.PENDING, Action.REMOVE);
        assertThat(result.counts().snapshots()).isEqualTo(1);
        assertThat(result.notSwept()).isEqualTo(RetentionResult.NotSwept.STOPPED);
        nights.assertWhole(root);
    }
}
