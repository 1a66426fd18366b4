package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryRemoval;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** The verb, with real backups of the emulator before it, and restores and proofs after it. */
class ForgetTest extends EmulatedVaultTest {

    private static final AtomicReference<Runnable> BEFORE_EACH_REMOVAL = new AtomicReference<>(() -> {});
    private static final AtomicInteger REMOVALS = new AtomicInteger();
    private static final AtomicReference<CountDownLatch> LOSE = new AtomicReference<>(new CountDownLatch(1));
    private static final AtomicReference<CountDownLatch> LOST = new AtomicReference<>(new CountDownLatch(1));

    @TestConfiguration(proxyBeanMethods = false)
    static class WatchedRemoval {
        @Bean
        @Primary
        BlobRemoval watchedRemoval(StoreProperties properties) {
            BlobRemoval removal = new DirectoryRemoval(Objects.requireNonNull(properties.directory()));
            return new BlobRemoval() {
                @Override
                public Stream<StoredBlob> list(String prefix) {
                    return removal.list(prefix);
                }

                @Override
                public void remove(StoredBlob blob, Runnable goOn) {
                    goOn.run();
                    BEFORE_EACH_REMOVAL.get().run();
                    removal.remove(blob, () -> {});
                    REMOVALS.incrementAndGet();
                }
            };
        }
    }

    /** A lease that is lost when it is renewed after somebody said so. */
    @TestConfiguration(proxyBeanMethods = false)
    static class LosableLease {
        @Bean
        @Primary
        Leases losableLeases() {
            return (vault, snapshot, owner, least) -> new Lease() {
                @Override
                public int execution() {
                    return least;
                }

                @Override
                public Duration lifetime() {
                    return Duration.ofSeconds(3);
                }

                @Override
                public void renew() {
                    if (LOSE.get().getCount() == 0) {
                        LOST.get().countDown();
                        throw new LeaseLostException(vault, snapshot, least, "somebody else has it");
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    @BeforeEach
    void prepare() {
        BEFORE_EACH_REMOVAL.set(() -> {});
        REMOVALS.set(0);
        LOSE.set(new CountDownLatch(1));
        LOST.set(new CountDownLatch(1));
    }

    /** Its run is not sealed as it will be; the execution that was broken off is one of it. */
    @Test
    void whatARelaunchOfAnIncompleteNightCopiedBeforeItWasBrokenOffIsThereForTheNextRelaunch() {
        // given a night of which two objects failed, and its relaunch that was stopped
        bench.set("keyvault-backup.retention.grace", "0s").set("keyvault-backup.threads", "1");
        String night = "2026-11-11T03:00:00Z";
        vault.secrets("app", 3);
        for (String failing : List.of("app000001", "app000002")) {
            vault.faults().on(Operation.BACKUP, "secret", failing).always().forbid("ForbiddenByRbac");
        }
        assertThat(bench.backUp(vault, "--scheduled-for", night).exitCode()).isIn(3, 5);
        vault.faults().clear();
        vault.faults().on(Operation.BACKUP).skip(1).times(1).before(bench.nextStop()::give);
        assertEnds(130, bench.backUp(vault, "--scheduled-for", night));
        bench.nextStop();
        vault.faults().clear();
        List<String> copied = bench.blobs().keySet().stream()
                .filter(name -> name.contains("/secret/") && name.endsWith(".2"))
                .toList();
        assertThat(copied).isNotEmpty();

        // when
        Bench.Result forget = assertEnds(
                0, bench.run("forget", "--json", "--vault", vault.uri().toString(), "--keep-last", "1"));

        // then
        assertThat(forget.summary().path("blobs_removed").asInt(-1)).isZero();
        assertThat(bench.blobs()).containsKeys(copied.toArray(String[]::new));
        Bench.Result relaunched = assertEnds(0, bench.backUp(vault, "--scheduled-for", night));
        assertThat(relaunched.summary().path("status").asString()).isEqualTo("COMPLETE");

        assertEnds(0, bench.run("verify", "--read-data", "--vault", vault.uri().toString()));
    }

    private void nights(int number) {
        vault.secrets("app", 3);
        vault.key("signing");
        for (int night = 1; night <= number; night++) {
            assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-1" + night + "T03:00:00Z"));
            vault.rotate("secret", "app000001");
        }
    }

    private Bench.Result forget(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("forget", "--json", "--vault", vault.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result, String... said) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        for (String words : said) {
            assertThat(result.out() + result.err()).contains(words);
        }
        assertThat(result.out() + result.err()).doesNotContain("\tat ");
        return result;
    }

    private static List<String> kept(Bench.Result result) {
        return result.lines("snapshot").stream()
                .filter(line -> line.path("action").asString().equals("keep"))
                .map(line -> line.path("snapshot").asString())
                .toList();
    }

    private List<String> manifests() {
        return bench.blobs().keySet().stream()
                .filter(name -> name.contains("/manifests/") && name.endsWith(".json"))
                .toList();
    }

    /** Names and bytes of all files, notes and hidden ones too. */
    private Map<String, String> everything() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(bench.store())) {
            for (Path file : all.toList()) {
                files.put(
                        file.toString(),
                        Files.isRegularFile(file)
                                ? Base64.getEncoder().encodeToString(Files.readAllBytes(file))
                                : "folder");
            }
        }
        return files;
    }

    private void assertWholeAndRestorable(String snapshot) {
        bench.without("keyvault-backup.retention.keep-last");
        assertEnds(
                0,
                bench.run(
                        "verify",
                        snapshot,
                        "--read-data",
                        "--vault",
                        vault.uri().toString()));
        EmulatedVault target = emulator.vault("into-" + snapshot.toLowerCase(java.util.Locale.ROOT) + "-"
                + vault.uri().getPort());
        Bench.Result restored = bench.run(
                "restore",
                "--from",
                vault.uri().toString(),
                "--snapshot",
                snapshot,
                "--to",
                target.uri().toString(),
                "--yes");
        assertEnds(0, restored);
    }

    @Test
    void whatIsKeptIsWholeAndRestoresAndTheStepsSayWhatWasDone() {
        // given
        SigningKeys keys = SigningKeys.in(directory);
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString())
                .set("keyvault-backup.retention.keep-last", "2");
        nights(5);
        int steps = bench.steps().size();
        long before = bench.blobs().size();

        // when
        Bench.Result result = assertEnds(0, forget());

        // then
        JsonNode summary = result.summary();
        long blobs = summary.path("blobs_removed").asLong();
        assertThat(summary.path("snapshots_removed").asInt()).isEqualTo(3);
        assertThat(summary.path("manifests_removed").asInt()).isEqualTo(3);
        assertThat(blobs).isPositive();
        assertThat(summary.path("status").asString()).isEqualTo("DONE");
        assertThat(summary.path("swept").asBoolean()).isTrue();
        assertThat(bench.blobs()).hasSize((int) (before - blobs)); // three manifests and signatures became tombstones
        assertThat(bench.steps().subList(steps, steps + 5))
                .containsExactly(
                        Bench.StepCounts.completed("plan", 0),
                        Bench.StepCounts.completed("examine", 0),
                        Bench.StepCounts.completed("manifests", 0),
                        Bench.StepCounts.completed("mark", 0),
                        Bench.StepCounts.completed("sweep", blobs));
        assertThat(kept(result)).hasSize(2);
        bench.with(FastTime.class);
        kept(result).forEach(this::assertWholeAndRestorable);

        // and the chain goes on
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-20T03:00:00Z"));
        assertThat(bench.manifest(manifests().getLast())
                        .path("chain")
                        .path("number")
                        .asInt())
                .isEqualTo(6);
        JsonNode verified = assertEnds(
                        0, bench.run("verify", "--json", "--vault", vault.uri().toString()))
                .summary();
        assertThat(verified.path("forgotten").asInt()).isEqualTo(3);
    }

    @Test
    void theLastOfTheChainStaysThoughItIsOlder() {
        // given one of an older night that was sealed after the others
        nights(2);
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-01T03:00:00Z"));

        // when
        Bench.Result result = assertEnds(0, forget("--keep-last", "1"));

        // then
        assertThat(kept(result)).hasSize(2);
        assertThat(result.out()).contains("end of the chain");
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-20T03:00:00Z"));
        assertThat(bench.manifest(manifests().getLast())
                        .path("chain")
                        .path("number")
                        .asInt())
                .isEqualTo(4);
        assertEnds(0, bench.run("verify", "--vault", vault.uri().toString()));
    }

    @Test
    void aDryRunSaysTheSameAndChangesNothing() throws IOException {
        // given
        nights(4);
        Path data = directory.resolve("no-database");
        bench.set("keyvault-backup.data-directory", data.toString());
        Map<String, String> before = everything();

        // when
        Bench.Result dry = assertEnds(0, forget("--keep-last", "2", "--dry-run"));

        // then
        assertThat(everything()).isEqualTo(before);
        assertThat(data).doesNotExist();
        assertThat(dry.summary().path("dry_run").asBoolean()).isTrue();

        // and
        Bench.Result real = assertEnds(0, forget("--keep-last", "2"));
        assertThat(dry.lines("snapshot")).isEqualTo(real.lines("snapshot"));
        for (String count : List.of("snapshots_removed", "manifests_removed", "blobs_removed", "bytes_freed")) {
            assertThat(dry.summary().path(count))
                    .as(count)
                    .isEqualTo(real.summary().path(count));
            assertThat(real.summary().path(count).asLong()).as(count).isPositive();
        }
    }

    @Test
    void peopleGetATableWithReasons() {
        nights(3);

        String out = assertEnds(0, bench.run("forget", "--vault", vault.uri().toString(), "--keep-daily", "1"))
                .out();

        assertThat(out)
                .contains("3 snapshots, 1 kept", "REASONS", "daily 2026-11-13", "newest complete", "remove")
                .containsPattern("Removed 2 snapshots: \\d+ blobs?, [\\d,]+ bytes freed");
    }

    @Test
    void aPolicyWithoutAnyRuleIsRefused() {
        nights(1);
        int blobs = bench.blobs().size();

        assertEnds(2, forget(), "No policy was specified, no snapshots will be removed.");
        assertEnds(2, forget("--keep-last", "0", "--dry-run"), "No policy was specified");
        assertEnds(2, forget("--keep-last", "-1"), "keyvault-backup.retention.keep-last");
        assertEnds(2, forget("--keep-within", "soon"), "keyvault-backup.retention.");
        assertEnds(2, forget("--keep-daily", "1", "--zone", "Mars"), "keyvault-backup.retention.zone", "Mars");

        assertThat(bench.blobs()).hasSize(blobs);
    }

    @Test
    void tombstonesThatWouldNotBeBelievedAreRefused(@TempDir Path place) throws IOException {
        // given
        SigningKeys keys = SigningKeys.in(directory);
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        nights(3);
        Map<String, byte[]> before = bench.blobs();

        // when nobody signs
        bench.without("keyvault-backup.signature.key-file");
        for (String[] more : List.of(new String[] {"--dry-run"}, new String[0])) {
            assertEnds(2, forget(with("--keep-last", "1", more)), "nobody is there to sign", "signature.key-file");
        }

        // when somebody else does
        bench.set(
                "keyvault-backup.signature.key-file",
                SigningKeys.in(place).privateFile().toString());
        for (String[] more : List.of(new String[] {"--dry-run"}, new String[0])) {
            Bench.Result refused =
                    assertEnds(2, forget(with("--keep-last", "1", more)), "is not the one whose public half");
            assertThat(refused.lines("error").getFirst().path("vault").asString())
                    .isEqualTo(folder());
        }

        // then
        assertThat(bench.blobs()).containsOnlyKeys(before.keySet());
    }

    private String folder() {
        return vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    private static String[] with(String option, String value, String... more) {
        return Stream.concat(Stream.of(option, value), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aSnapshotThatWasForgottenAndIsBackedUpAgainGoesOnCounting() throws IOException {
        // given that nothing but the store knows of it
        nights(2);
        assertEnds(0, forget("--keep-last", "1"));
        bench.set(
                "keyvault-backup.data-directory",
                directory.resolve("another-database").toString());
        Files.delete(bench.store().resolve(".leases").resolve(folder()));

        // when
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-11T03:00:00Z"));

        // then no name of its is given out twice
        assertThat(manifests())
                .filteredOn(name -> name.contains("20261111"))
                .singleElement()
                .asString()
                .endsWith(".2.json");
        assertEnds(0, bench.run("verify", "--vault", vault.uri().toString()));
    }

    @Test
    void whatIsPinnedStaysUntilItIsUnpinned() {
        // given
        nights(3);
        assertEnds(0, bench.run("pin", "20261111", "--vault", vault.uri().toString()));

        // when
        Bench.Result pinned = assertEnds(0, forget("--keep-last", "1"));

        // then
        assertThat(kept(pinned)).hasSize(2);
        assertThat(pinned.out()).contains("\"pinned\"");

        // and
        assertEnds(0, bench.run("unpin", "20261111", "--vault", vault.uri().toString()));
        assertThat(kept(assertEnds(0, forget("--keep-last", "1")))).hasSize(1);
    }

    @Test
    void whoLabelsWhatIsBeingForgottenIsToldThatItMayBeTooLate() {
        // given labels that come when they were read for the last time
        nights(3);
        bench.with(WatchedRemoval.class);
        List<Bench.Result> labelling = new ArrayList<>();
        BEFORE_EACH_REMOVAL.set(() -> {
            BEFORE_EACH_REMOVAL.set(() -> {});
            for (String[] words : List.of(
                    new String[] {"pin", "20261111"},
                    new String[] {"unpin", "20261111"},
                    new String[] {"tag", "20261111", "--add", "audit"},
                    new String[] {"pin", "20261113"})) {
                labelling.add(bench.run(Stream.concat(
                                Stream.of(words),
                                Stream.of("--vault", vault.uri().toString()))
                        .toArray(String[]::new)));
            }
        });

        // when
        assertEnds(0, forget("--keep-last", "1"));

        // then
        assertThat(labelling).hasSize(4);
        labelling.subList(0, 3).forEach(late -> assertEnds(11, late, "is being forgotten", "perhaps too late"));
        assertEnds(0, labelling.getLast());
        assertThat(manifests()).singleElement().asString().contains("20261113");
        assertEnds(10, bench.run("pin", "20261111", "--vault", vault.uri().toString()), "There is no snapshot");
    }

    @Test
    void aVaultThatIsBeingBackedUpIsRefused() {
        // given
        nights(2);
        int manifests = manifests().size();
        AtomicReference<Bench.Result> refused = new AtomicReference<>();
        vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .before(() -> refused.set(forget("--keep-last", "1")));

        // when
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-20T03:00:00Z"));

        // then
        assertEnds(11, refused.get(), "run 20261120T030000Z-", "lease until");
        assertThat(manifests()).hasSize(manifests + 1);
    }

    @Test
    void aLostLeaseStopsIt() {
        // given a lease that is lost before the first removal
        nights(4);
        bench.with(WatchedRemoval.class).with(LosableLease.class);
        BEFORE_EACH_REMOVAL.set(() -> {
            LOSE.get().countDown();
            try {
                LOST.get().await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });

        // when
        Bench.Result result = assertEnds(3, forget("--keep-last", "1"), "is lost: somebody else has it");

        // then what was under way is all that was removed
        assertThat(REMOVALS.get()).isLessThanOrEqualTo(2);
        assertThat(result.summary().path("status").asString()).isEqualTo("INCOMPLETE");
        assertThat(bench.steps().getLast().status()).isEqualTo("STOPPED");
        assertThat(result.lines("snapshot"))
                .extracting(line -> line.path("action").asString())
                .containsExactly("keep", "pending", "pending", "remove");
        assertThat(result.lines("error").getFirst().path("vault").asString()).isEqualTo(folder());
        assertThat(result.summary().path("not_swept").asString()).isEqualTo("FAILED");
        assertEnds(0, bench.run("verify", "--vault", vault.uri().toString()));
    }

    @Test
    void whatWasStoppedIsGoneOnWith() {
        // given a stop in the middle of the sweep: three manifests go first
        nights(4);
        bench.set("keyvault-backup.retention.threads", "1").with(WatchedRemoval.class);
        StopSignal stop = bench.nextStop();
        BEFORE_EACH_REMOVAL.set(() -> {
            if (REMOVALS.get() == 3) {
                stop.give();
            }
        });

        // when
        Bench.Result stopped = assertEnds(130, forget("--keep-last", "1"));

        // then
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(stopped.summary().path("manifests_removed").asInt()).isEqualTo(3);
        assertThat(stopped.summary().path("not_swept").asString()).isEqualTo("STOPPED");
        assertThat(stopped.summary().path("blobs_removed").asInt()).isEqualTo(1);
        assertThat(bench.steps().getLast()).isEqualTo(new Bench.StepCounts("sweep", "STOPPED", 1, 1, 0, 0, 0));

        // and
        bench.nextStop();
        assertEnds(0, bench.run("verify", "--vault", vault.uri().toString()));
        Bench.Result second = assertEnds(0, forget("--keep-last", "1"));
        assertThat(second.summary().path("blobs_removed").asInt()).isPositive();
        assertThat(assertEnds(0, forget("--keep-last", "1"))
                        .summary()
                        .path("blobs_removed")
                        .asInt())
                .isZero();
    }

    @Test
    void oneVaultsDamageDoesNotStopTheOthers() throws IOException {
        // given
        nights(3);
        EmulatedVault other = emulator.vault("other-than-damaged");
        other.secrets("app", 2);
        for (int night = 1; night <= 2; night++) {
            assertEnds(0, bench.backUp(other, "--scheduled-for", "2026-11-1" + night + "T03:00:00Z"));
        }
        String damaged = manifests().stream()
                .filter(name -> name.contains("_" + vault.uri().getPort() + "/"))
                .findFirst()
                .orElseThrow();
        Files.writeString(bench.store().resolve(damaged), "{}");

        // when all vaults that the store has are meant
        Bench.Result result = assertEnds(4, bench.run("forget", "--json", "--keep-last", "1"));

        // then
        assertThat(result.lines("summary")).hasSize(2);
        assertThat(result.lines("summary").stream()
                        .map(line -> line.path("snapshots_removed").asInt()))
                .containsExactlyInAnyOrder(1, 1);
        assertThat(result.lines("finding")).isNotEmpty();
        assertThat(result.lines("summary").stream()
                        .map(line -> line.path("not_swept").asString("")))
                .containsExactlyInAnyOrder("UNREADABLE", "");
        assertThat(manifests()).contains(damaged);
    }

    @Test
    void aVaultWithoutSnapshotsIsToldAndAnEmptyStoreHasNothingToForget() {
        assertEnds(10, forget("--keep-last", "1"), "There is no snapshot of");
        assertEnds(0, bench.run("forget", "--keep-last", "1"), "nothing to forget");
    }

    @Test
    void aContainerIsClearedAsADirectoryIs() {
        // given
        Azurite.Container container = Azurite.shared().newContainer();
        bench.onContainer(container, "racwdl");
        nights(4);

        // when
        Bench.Result result = assertEnds(0, forget("--keep-last", "2"));

        // then
        long left =
                Azurite.shared().client(container.name()).listBlobs().stream().count();
        assertThat(result.summary().path("snapshots_removed").asInt()).isEqualTo(2);
        assertThat(result.summary().path("blobs_removed").asLong()).isPositive();
        kept(result)
                .forEach(snapshot -> assertEnds(
                        0,
                        bench.run(
                                "verify",
                                snapshot,
                                "--read-data",
                                "--vault",
                                vault.uri().toString())));
        assertEnds(0, forget("--keep-last", "2"));
        assertThat(Azurite.shared().client(container.name()).listBlobs().stream()
                        .count())
                .isEqualTo(left);

        // and who may not delete is told so
        bench.onContainer(container, "racwl");
        assertEnds(13, forget("--keep-last", "1"), "403");
    }
}
