package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** What did not change since an earlier snapshot is not copied again: that one's copy is referred to, as long as the store has it. */
class IncrementalTest extends EmulatedVaultTest {

    private static final Instant FIRST_NIGHT = Instant.parse("2026-01-05T03:00:00Z");

    private int night;

    @BeforeEach
    void useSkippingTime(TestInfo test) {
        vault = emulator.vault(
                VaultSettings.of(test.getTestMethod().orElseThrow().getName()).withClock(SkippingTime.CLOCK));
        bench.with(SkippingTime.class).set("keyvault-backup.refresh-days", "0");
    }

    private String nextNight() {
        return FIRST_NIGHT.plus(night++, ChronoUnit.DAYS).toString();
    }

    /** The next night's run, with the emulator's counters at zero when it begins. */
    private Bench.Result nextRun(String... more) {
        return run(nextNight(), more);
    }

    private Bench.Result run(String scheduledFor, String... more) {
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.requests().reset();
        List<String> arguments = new ArrayList<>(List.of("--scheduled-for", scheduledFor));
        arguments.addAll(List.of(more));
        Bench.Result result = bench.backUp(vault, arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private JsonNode manifestOf(Bench.Result result) {
        return bench.manifest(result.summary().path("manifest").asString());
    }

    /** Each object's copy, opened, is what the vault has. */
    private void assertThatEveryCopyIsOfTheLastState(JsonNode manifest) {
        Map<String, byte[]> blobs = bench.blobs();
        Map<String, JsonNode> objects = manifest.path("objects")
                .valueStream()
                .collect(Collectors.toMap(
                        one -> one.path("kind").asString() + "/"
                                + one.path("name").asString(),
                        one -> one));
        for (EmulatedObject object : vault.objects()) {
            JsonNode told = Objects.requireNonNull(objects.get(object.kind() + "/" + object.name()));
            if (told.has("blob")) {
                byte[] blob = Objects.requireNonNull(blobs.get(told.path("blob").asString()));
                assertThat(vault.openBackup(blob).revision())
                        .as("copy of %s", object.name())
                        .isEqualTo(vault.history(object.kind(), object.name())
                                .getLast()
                                .revision());
            } else {
                assertThat(told.path("outcome").asString()).isEqualTo("COVERED_BY_CERTIFICATE");
            }
        }
    }

    private Map<String, String> blobsIn(JsonNode manifest) {
        Map<String, String> blobs = new TreeMap<>();
        manifest.path("objects")
                .valueStream()
                .filter(one -> one.has("blob"))
                .forEach(one -> blobs.put(
                        one.path("kind").asString() + "/" + one.path("name").asString(),
                        one.path("blob").asString()));
        return blobs;
    }

    @Test
    void onlyWhatChangedIsCopiedAgain() {
        // given
        vault.secrets("app", 30);
        vault.key("signing");
        vault.certificate("site");
        Bench.Result first = nextRun();
        assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", 32L, "COVERED_BY_CERTIFICATE", 2L));
        SkippingTime.skip(Duration.ofHours(1));
        vault.rotate("secret", "app000007");
        vault.secret("new");
        vault.delete("secret", "app000009");
        SkippingTime.skip(Duration.ofHours(1));

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes())
                .isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 30L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(8);
        assertThat(second.summary().path("builds_on").valueStream().map(JsonNode::asString))
                .containsExactly(first.summary().path("manifest").asString());
        JsonNode manifest = manifestOf(second);
        assertThatEveryCopyIsOfTheLastState(manifest);
        assertThat(manifest.has("consistentAsOf")).isTrue();
        Map<String, String> before = blobsIn(manifestOf(first));
        Map<String, String> now = blobsIn(manifest);
        assertThat(now).hasSize(32).containsEntry("key/signing", before.get("key/signing"));
        assertThat(now.get("secret/app000007")).isNotEqualTo(before.get("secret/app000007"));
        assertThat(bench.steps().stream().map(Bench.StepCounts::step))
                .contains("inventory", "reuse", "backup", "closing", "settle", "seal");

        // and what it refers to is proven as its own is
        assertThat(bench.run("verify", "--read-data", "--vault", vault.uri().toString())
                        .exitCode())
                .isZero();
        FileSystemUtils.deleteRecursively(directory.resolve("data").toFile());
        Bench.Result third = nextRun();
        assertThat(third.outcomes())
                .as("without a database")
                .isEqualTo(Map.of("UNCHANGED", 32L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(blobsIn(manifestOf(third))).isEqualTo(now);
    }

    @Test
    void inBlobStorageWithPostgresqlTheSame() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onContainer(Azurite.shared().newContainer(), "rcl").onDatabase(database);
        vault.secrets("app", 3);
        nextRun();

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        assertThat(vault.requests().count(Operation.VERSIONS)).isZero();
    }

    @Test
    void aRefreshThatFailsKeepsTheEarlierCopyAndIsMadeUpForByTheRelaunch() {
        // given
        bench.set("keyvault-backup.refresh-days", "1");
        vault.secrets("app", 3);
        Map<String, String> first = blobsIn(manifestOf(nextRun()));
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000002")
                .always()
                .forbid("ForbiddenByRbac");
        String second = nextNight();
        SkippingTime.skip(Duration.ofMinutes(1));

        // when
        Bench.Result refused = bench.backUp(vault, "--scheduled-for", second);

        // then
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 1L));
        assertThat(refused.failures()).isEqualTo(Map.of("secret/app000002", "ROLE_MISSING"));
        assertThat(blobsIn(manifestOf(refused))).containsEntry("secret/app000002", first.get("secret/app000002"));
        assertThatEveryCopyIsOfTheLastState(manifestOf(refused));
        forbidden.cancel();
        Bench.Result relaunch = run(second);
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void aRefreshThatFailsIsToldAlsoWhereSomethingElseIsCopiedOnceMore() {
        // given a secret that cannot be copied at first, and one that changes after it was
        bench.set("keyvault-backup.refresh-days", "1");
        vault.secrets("app", 3);
        nextRun();
        vault.faults().on(Operation.BACKUP, "secret", "app000002").times(1).forbid("ForbiddenByRbac");
        vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .after(() -> vault.rotate("secret", "app000001"));
        String second = nextNight();
        SkippingTime.skip(Duration.ofMinutes(1));

        // when
        Bench.Result refused = bench.backUp(vault, "--scheduled-for", second);

        // then
        assertThat(refused.summary().path("closing_listings").asInt()).isEqualTo(2);
        assertThat(refused.exitCode()).as(refused.out()).isEqualTo(3);
        assertThat(refused.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 1L));
        assertThat(refused.failures()).isEqualTo(Map.of("secret/app000002", "ROLE_MISSING"));
        assertThat(run(second).outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
    }

    @Test
    void aRunThatWasScheduledForALaterDayIsNoReasonToCopyNothingAfterIt() {
        // given
        vault.secrets("app", 4);
        run("2031-01-01T03:00:00Z");
        vault.rotate("secret", "app000001");
        SkippingTime.skip(Duration.ofMinutes(1));
        assertThat(nextRun().outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 3L));

        // when
        Bench.Result next = nextRun();

        // then
        assertThat(next.outcomes()).isEqualTo(Map.of("UNCHANGED", 4L));
        bench.set("keyvault-backup.refresh-days", "1");
        assertThat(run(SkippingTime.CLOCK.instant().plus(Duration.ofDays(2)).toString())
                        .outcomes())
                .isEqualTo(Map.of("BACKED_UP", 4L));
    }

    @Test
    void afterAMoveToAnotherSubscriptionEverythingIsCopied() {
        // given
        bench.set("keyvault-backup.subscription", "0b1f6471-1bf0-4dda-aec3-cb9272f09590");
        vault.secrets("app", 2);
        nextRun();

        // when
        bench.set("keyvault-backup.subscription", "1b1f6471-1bf0-4dda-aec3-cb9272f09590");
        Bench.Result moved = nextRun();

        // then
        assertThat(moved.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L));
        assertThat(moved.summary().path("not_built_on").path(0).asString()).contains("in another place");
        assertThat(nextRun().outcomes()).isEqualTo(Map.of("UNCHANGED", 2L));
    }

    @Test
    void certificatesAloneAreCopiedAsNobodyKnowsWhenTheirPartsChanged() {
        // given
        vault.certificate("site");
        nextRun();

        // then
        assertThat(nextRun("--kind", "certificate").outcomes()).isEqualTo(Map.of("BACKED_UP", 1L));
        assertThat(nextRun("--dry-run", "--kind", "certificate").outcomes()).isEqualTo(Map.of("PENDING", 1L));
        assertThat(nextRun().outcomes()).isEqualTo(Map.of("UNCHANGED", 1L, "COVERED_BY_CERTIFICATE", 2L));
    }

    @Test
    void whereNobodyListsAgainTheFirstListingDecides() {
        // given
        bench.set("keyvault-backup.settle-rounds", "0");
        vault.secrets("app", 3);
        nextRun();
        vault.rotate("secret", "app000001");
        SkippingTime.skip(Duration.ofMinutes(1));

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 2L));
        assertThatEveryCopyIsOfTheLastState(manifestOf(second));
    }

    @Test
    void aFullRunCopiesEverythingAndSoDoesItsRelaunch() {
        // given
        vault.secrets("app", 4);
        nextRun();
        vault.faults().on(Operation.BACKUP, "secret", "app000002").always().answer(403);
        String second = nextNight();
        vault.requests().reset();
        Bench.Result incomplete = bench.backUp(vault, "--scheduled-for", second, "--full");
        assertThat(incomplete.exitCode()).isNotZero();
        assertThat(incomplete.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L, "FAILED", 1L));
        assertThat(manifestOf(incomplete).path("full").asBoolean()).isTrue();
        vault.faults().clear();
        FileSystemUtils.deleteRecursively(directory.resolve("data").toFile());

        // when
        Bench.Result relaunch =
                bench.run("retry", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L));
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000002"))
                .isEqualTo(2);

        // and a run that took over is made full by a relaunch that asks for it
        String third = nextNight();
        vault.faults().on(Operation.LIST, "key").always().answer(403);
        SkippingTime.skip(Duration.ofMinutes(1)); // within one second of the service's Date nobody could tell
        Bench.Result unlisted = bench.backUp(vault, "--scheduled-for", third);
        assertThat(unlisted.outcomes()).isEqualTo(Map.of("UNCHANGED", 4L));
        vault.faults().clear();
        assertThat(run(third, "--full").outcomes()).isEqualTo(Map.of("BACKED_UP", 4L));
    }

    @Test
    void eachObjectIsRefreshedOnceInSevenNightsAndNoNightIsHeavy() {
        // given
        bench.without("keyvault-backup.refresh-days");
        vault.secrets("app", 70);
        vault.certificate("site");
        nextRun();
        Map<String, Integer> copies = new HashMap<>();

        // when
        for (int next = 0; next < 7; next++) {
            Bench.Result result = nextRun();
            long copied = vault.requests().count(Operation.BACKUP);
            assertThat(copied).as("calls of a night").isBetween(9L, 12L);
            assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(copied);
            String id = result.summary().path("snapshot").asString();
            blobsIn(manifestOf(result)).forEach((object, blob) -> {
                if (blob.contains(id)) {
                    copies.merge(object, 1, Integer::sum);
                }
            });
        }

        // then
        assertThat(copies)
                .hasSize(71)
                .allSatisfy((object, times) -> assertThat(times).isEqualTo(1));

        // and nothing is refreshed twice on a day, and nights without a run are made up for
        run(FIRST_NIGHT
                .plus(night - 1, ChronoUnit.DAYS)
                .plus(Duration.ofHours(6))
                .toString());
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        night += 6;
        nextRun();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(71);
    }

    @Test
    void copiesThatTheStoreHasLostAreMadeAnewAndTold() throws IOException {
        // given
        vault.secrets("app", 5);
        Map<String, String> blobs = blobsIn(manifestOf(nextRun()));
        Files.delete(bench.store().resolve(Objects.requireNonNull(blobs.get("secret/app000001"))));
        Path cut = bench.store().resolve(Objects.requireNonNull(blobs.get("secret/app000002")));
        byte[] bytes = Files.readAllBytes(cut);
        Files.delete(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 3L));
        assertThat(second.summary().path("copies_missing").asInt()).isEqualTo(2);
        assertThatEveryCopyIsOfTheLastState(manifestOf(second));
        assertThat(bench.run(
                                "verify",
                                "latest",
                                "--read-data",
                                "--vault",
                                vault.uri().toString())
                        .exitCode())
                .isZero();
        assertThat(bench.run("backup", "--vault", vault.uri().toString(), "--scheduled-for", nextNight())
                        .out())
                .contains("builds on", "unchanged")
                .doesNotContain("made anew");
    }

    @Test
    void aCopyThatVanishesBehindTheRunsBackIsMissedBySealAndMadeAnewByTheRelaunch() {
        // given
        vault.secrets("app", 3);
        Map<String, String> blobs = blobsIn(manifestOf(nextRun()));
        vault.secret("new");
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.faults().on(Operation.BACKUP).times(1).before(() -> {
            try {
                Files.delete(bench.store().resolve(Objects.requireNonNull(blobs.get("secret/app000001"))));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        String second = nextNight();

        // when
        Bench.Result missed = bench.backUp(vault, "--scheduled-for", second);

        // then
        assertThat(missed.exitCode()).isEqualTo(3);
        assertThat(missed.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "PENDING", 1L, "UNCHANGED", 2L));
        assertThat(missed.failures()).containsEntry("the run itself", "BLOB_MISSING");
        Bench.Result again = run(second);
        assertThat(again.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "UNCHANGED", 2L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThatEveryCopyIsOfTheLastState(manifestOf(again));
    }

    @Test
    void aDamagedManifestIsNotBuiltOnButTheOneBeforeItIs() throws IOException {
        // given
        vault.secrets("app", 3);
        Bench.Result first = nextRun();
        String broken = nextRun().summary().path("manifest").asString();
        Path file = bench.store().resolve(broken);
        String text = Files.readString(file);
        Files.delete(file);
        Files.writeString(file, text.substring(0, text.length() - 30));

        // when
        Bench.Result third = nextRun();

        // then
        assertThat(third.outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
        assertThat(third.summary().path("builds_on").valueStream().map(JsonNode::asString))
                .containsExactly(first.summary().path("manifest").asString());
        assertThat(third.summary().path("not_built_on").path(0).asString()).contains("Nothing is taken from snapshot");
        assertThatEveryCopyIsOfTheLastState(manifestOf(third));
    }

    @Test
    void aManifestWithoutItsSignatureIsNotBuiltOnWhereOneIsRequired() throws IOException {
        // given
        SigningKeys keys = SigningKeys.in(directory);
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        vault.secrets("app", 3);
        String manifest = nextRun().summary().path("manifest").asString();
        Bench.Result second = nextRun();
        assertThat(second.outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
        String last = second.summary().path("manifest").asString();
        bench.without("keyvault-backup.signature.public-key-file");
        Bench.Result unchecked = nextRun();
        assertThat(unchecked.outcomes()).as("nothing can be checked").isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(unchecked.summary().path("not_built_on").path(0).asString()).contains("public-key-file");
        bench.set("keyvault-backup.signature.public-key-file", keys.publicFile().toString());
        Files.delete(bench.store().resolve(unchecked.summary().path("manifest").asString() + ".jws"));
        Files.delete(bench.store().resolve(manifest + ".jws"));
        Files.delete(bench.store().resolve(last + ".jws"));

        // when
        Bench.Result third = nextRun();

        // then
        assertThat(third.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(third.summary().path("not_built_on").size()).isEqualTo(3);
    }

    @Test
    void whatTheNewestSnapshotLacksIsTakenFromThoseBefore() {
        // given a night on which everything failed but one object, and a run of others only
        vault.secrets("app", 5);
        vault.key("signing");
        Map<String, String> first = blobsIn(manifestOf(nextRun()));
        vault.rotate("secret", "app000001");
        vault.rotate("secret", "app000002");
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().answer(403);
        assertThat(bench.backUp(vault, "--scheduled-for", nextNight()).outcomes())
                .isEqualTo(Map.of("BACKED_UP", 1L, "FAILED", 1L, "UNCHANGED", 4L));
        vault.faults().clear();
        nextRun("--kind", "key");

        // when
        Bench.Result fourth = nextRun();

        // then
        assertThat(fourth.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 5L));
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000001"))
                .isEqualTo(1);
        assertThat(fourth.summary().path("builds_on").size()).isEqualTo(3);
        Map<String, String> now = blobsIn(manifestOf(fourth));
        assertThat(now.get("key/signing")).isEqualTo(first.get("key/signing"));
        assertThat(now.get("secret/app000003")).isEqualTo(first.get("secret/app000003"));
        assertThatEveryCopyIsOfTheLastState(manifestOf(fourth));
    }

    @Test
    void aCertificateIsCopiedAgainWhereItsKeyOrSecretChanged() {
        // given
        vault.certificate("site");
        vault.certificate("other");
        nextRun();
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.tag("secret", "site", Map.of("team", "a"));
        SkippingTime.skip(Duration.ofMinutes(1));

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 1L, "COVERED_BY_CERTIFICATE", 4L));
        assertThat(vault.requests().count(Operation.BACKUP, "certificate", "site"))
                .isEqualTo(1);
    }

    @Test
    void whatChangesWhileTheRunIsAtWorkIsCopiedAfterAll() {
        // given
        vault.secrets("app", 4);
        nextRun();
        vault.faults().on(Operation.LIST, "certificate").times(1).after(() -> {
            SkippingTime.skip(Duration.ofSeconds(5));
            vault.rotate("secret", "app000003");
        });

        // when
        Bench.Result second = nextRun();

        // then
        assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 3L));
        assertThatEveryCopyIsOfTheLastState(manifestOf(second));
        assertThat(manifestOf(second).has("consistentAsOf")).isTrue();
    }

    @Test
    void aDryRunTellsWhatWouldBeTakenOver() {
        // given
        vault.secrets("app", 4);
        vault.certificate("site");
        nextRun();
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.rotate("secret", "app000002");
        SkippingTime.skip(Duration.ofMinutes(1));
        Map<String, byte[]> before = bench.blobs();

        // when
        Bench.Result plan = nextRun("--dry-run");
        Bench.Result full = nextRun("--dry-run", "--full");

        // then
        assertThat(plan.outcomes()).isEqualTo(Map.of("PENDING", 1L, "UNCHANGED", 4L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(full.outcomes()).isEqualTo(Map.of("PENDING", 5L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(bench.blobs()).containsOnlyKeys(before.keySet());
        assertThat(nextRun().outcomes())
                .isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 4L, "COVERED_BY_CERTIFICATE", 2L));
    }

    @Test
    void aRelaunchKeepsWhatWasTakenOverAlsoWithoutItsDatabase() {
        // given
        vault.secrets("app", 4);
        nextRun();
        vault.secret("new");
        SkippingTime.skip(Duration.ofMinutes(1));
        vault.faults().on(Operation.BACKUP).always().answer(403);
        String second = nextNight();
        assertThat(bench.backUp(vault, "--scheduled-for", second).outcomes())
                .isEqualTo(Map.of("FAILED", 1L, "UNCHANGED", 4L));
        vault.faults().clear();
        FileSystemUtils.deleteRecursively(directory.resolve("data").toFile());

        // when
        Bench.Result relaunch = run(second);

        // then
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "UNCHANGED", 4L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThat(relaunch.failures()).isEmpty();
    }

    @Test
    void aDamagedManifestAmongOlderOnesIsPassedOver() throws IOException {
        // given
        vault.secrets("app", 3);
        vault.key("signing");
        Bench.Result first = nextRun();
        Path damaged =
                bench.store().resolve(nextRun().summary().path("manifest").asString());
        String text = Files.readString(damaged);
        Files.delete(damaged);
        Files.writeString(damaged, text.replace("UNCHANGED", "BACKED_UP"));
        Bench.Result keys = nextRun("--kind", "key");

        // when
        Bench.Result fourth = nextRun();

        // then
        assertThat(fourth.outcomes()).isEqualTo(Map.of("UNCHANGED", 4L));
        assertThat(fourth.summary().path("builds_on").valueStream().map(JsonNode::asString))
                .containsExactly(
                        keys.summary().path("manifest").asString(),
                        first.summary().path("manifest").asString());
        assertThat(fourth.summary().path("not_built_on").size()).isEqualTo(1);
        assertThatEveryCopyIsOfTheLastState(manifestOf(fourth));
    }

    @Test
    void whatTheStoreDoesNotGiveIsCopiedAndTold() {
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given
            onContainer(way);
            vault.secrets("app", 3);
            nextRun();
            FaultyWay.Fault refusal =
                    new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "a fault", Map.of());
            way.next("GET", "/manifests/", refusal); // while the vault is listed
            way.next("GET", "/manifests/", refusal); // and after that

            // when
            Bench.Result second = nextRun();

            // then
            assertThat(second.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
            assertThat(second.summary().path("not_built_on").path(0).asString())
                    .contains("AuthorizationPermissionMismatch");
            assertThat(nextRun().outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
        }
    }

    @Test
    void whatFailsBeforehandIsDoneOnceMore() {
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given
            onContainer(way);
            vault.secrets("app", 3);
            nextRun();
            way.next(
                    "GET",
                    "/manifests/",
                    new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "a fault", Map.of()));

            // when
            Bench.Result second = nextRun();

            // then
            assertThat(second.outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
            assertThat(second.summary().path("not_built_on").size()).isZero();
        }
    }

    @Test
    void aStopIsHeardWhileTheStoreIsSilentAndTheRelaunchTakesOverAllTheSame() {
        String second;
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given
            onContainer(way);
            vault.secrets("app", 3);
            nextRun();
            second = nextNight();
            SkippingTime.skip(Duration.ofMinutes(1));
            StopSignal stop = bench.nextStop();
            way.next("GET", "/manifests/", new FaultyWay.Fault.Silence(stop::give));

            // when
            Bench.Result stopped = bench.backUp(vault, "--scheduled-for", second);

            // then
            assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
            bench.nextStop();
            Bench.Result relaunch = run(second);
            assertThat(relaunch.outcomes()).isEqualTo(Map.of("UNCHANGED", 3L));
            assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        }
    }

    private void onContainer(FaultyWay way) {
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", Azurite.connectionString(way.url()))
                .set(
                        "keyvault-backup.store.container",
                        Azurite.shared().newContainer().name());
    }
}
