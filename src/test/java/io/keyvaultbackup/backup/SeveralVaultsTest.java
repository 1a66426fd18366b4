package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Several vaults, some of them side by side, each on its own. */
class SeveralVaultsTest extends EmulatedVaultTest {

    /** Two times three listings, each with a challenge at most, its versions and its backup. */
    private static final long MOST_CALLS_OF_ONE_SECRET = 2 * 2 * 3 + 2;

    private static final long TRIES = 4;

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
    }

    private static List<EmulatedVault> vaults(int number, int secrets) {
        return IntStream.range(0, number)
                .mapToObj(vault -> {
                    EmulatedVault made = emulator.vault("team-" + vault);
                    made.secrets("app", secrets);
                    return made;
                })
                .toList();
    }

    private Bench.Result backUp(List<EmulatedVault> vaults, String... more) {
        List<String> arguments = new ArrayList<>(List.of("backup", "--scheduled-for", NIGHT));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", one.uri().toString())));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static String address(EmulatedVault vault) {
        return vault.uri().toString();
    }

    @Test
    void asManyAsAreAllowedAreBackedUpSideBySide() throws Exception {
        // given six vaults, the first backup of each of which waits
        List<EmulatedVault> vaults = vaults(6, 3);
        CountDownLatch threeAtWork = new CountDownLatch(3);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).times(1).before(() -> {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            threeAtWork.countDown();
            awaitQuietly(goOn);
            waiting.decrementAndGet();
        }));
        bench.set("keyvault-backup.vaults-at-once", "3");

        // when
        CompletableFuture<Bench.Result> running = CompletableFuture.supplyAsync(() -> backUp(vaults, "--json"));
        boolean all = threeAtWork.await(2, TimeUnit.MINUTES);
        goOn.countDown();
        Bench.Result result = running.join();

        // then
        assertThat(all).as("three at a time").isTrue();
        assertThat(most).hasValue(3);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("summary"))
                .extracting(summary -> summary.path("vault").asString())
                .containsExactlyInAnyOrderElementsOf(
                        vaults.stream().map(SeveralVaultsTest::address).toList());
        assertThat(result.lines("summary"))
                .allSatisfy(summary -> assertThat(
                                summary.path("outcomes").path("BACKED_UP").asInt())
                        .isEqualTo(3));
        assertThat(result.lines("vaults")).hasSize(1);
        JsonNode together = result.lines("vaults").getFirst();
        assertThat(together.path("vaults").asInt()).isEqualTo(6);
        assertThat(together.path("done").asInt()).isEqualTo(6);
        assertThat(together.path("not_done").isEmpty()).isTrue();
        assertThat(together.path("exit_code").asInt()).isZero();
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(3));
    }

    @Test
    void runsThatBeginAtTheSameMomentShareAPostgresDatabase() {
        // given
        List<EmulatedVault> vaults = vaults(12, 5);
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database).set("keyvault-backup.vaults-at-once", "12");

        // when
        Bench.Result result = backUp(vaults, "--json");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("summary")).hasSize(12);
        assertThat(bench.steps()).hasSize(12 * 6).allMatch(step -> step.status().equals("COMPLETED"));
    }

    @Test
    void aBadVaultNeitherFailsTheOthersNorHidesAmongThem() {
        // given
        List<EmulatedVault> vaults = vaults(4, 2);
        EmulatedVault bad = vaults.get(1);
        bad.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");

        // when
        Bench.Result result = backUp(vaults, "--json");
        Bench.Result text = backUp(vaults);
        Bench.Result quiet = backUp(vaults, "--quiet");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        JsonNode together = result.lines("vaults").getFirst();
        assertThat(together.path("done").asInt()).isEqualTo(3);
        assertThat(together.path("not_done").size()).isEqualTo(1);
        assertThat(together.path("not_done").get(0).path("vault").asString()).isEqualTo(address(bad));
        assertThat(together.path("not_done").get(0).path("exit_code").asInt()).isEqualTo(13);
        assertThat(together.path("exit_code").asInt()).isEqualTo(3);
        assertThat(text.out())
                .contains("4 vaults: 3 done, 1 not authorised")
                .endsWith("  not authorised  " + address(bad) + System.lineSeparator());
        assertThat(quiet.out()).contains("4 vaults: 3 done, 1 not authorised").doesNotContain("Already complete");
    }

    @Test
    void withoutPermissionForAnyNoneIsStarted() {
        // given
        List<EmulatedVault> vaults = vaults(3, 2);
        vaults.forEach(one -> one.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac"));

        // when
        Bench.Result result = backUp(vaults, "--json");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.lines("vaults").getFirst().path("exit_code").asInt()).isEqualTo(13);
    }

    @Test
    void aStopBeginsNoMoreAndARelaunchDoesTheRest() {
        // given a stop while the first two are at work
        List<EmulatedVault> vaults = vaults(5, 8);
        StopSignal stop = bench.nextStop();
        bench.set("keyvault-backup.vaults-at-once", "2").set("keyvault-backup.threads", "1");
        CountDownLatch bothAtWork = new CountDownLatch(2);
        vaults.subList(0, 2)
                .forEach(one -> one.faults().on(Operation.BACKUP).times(1).before(() -> {
                    bothAtWork.countDown();
                    awaitQuietly(bothAtWork);
                    stop.give();
                }));

        // when
        Bench.Result stopped = backUp(vaults, "--json");

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.lines("vaults").getFirst().path("not_done").size()).isEqualTo(2);
        assertThat(stopped.lines("vaults").getFirst().path("not_begun").asInt()).isEqualTo(3);
        assertThat(vaults.subList(2, 5))
                .allSatisfy(one -> assertThat(one.requests().total()).isZero());

        // and
        bench.nextStop();
        Bench.Result relaunch = backUp(vaults, "--json");
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.lines("vaults").getFirst().path("done").asInt()).isEqualTo(5);
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM BATCH_JOB_INSTANCE")
                        .query(Long.class)
                        .single())
                .as("one for each vault, however often it was launched")
                .isEqualTo(5);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(8));
    }

    @Test
    void theVaultThatTookLongestTheLastTimeIsBegunFirstAndANewOneBeforeIt() {
        // given a night of three vaults, of which the second is said to have taken an hour, and the third ten minutes
        bench.set("keyvault-backup.vaults-at-once", "1");
        List<EmulatedVault> vaults = vaults(4, 2);
        assertThat(backUp(vaults.subList(0, 3), "--json").exitCode()).isZero();
        List<Integer> minutes = List.of(1, 60, 10);
        for (int number = 0; number < 3; number++) {
            assertThat(bench.jdbc()
                            .sql(
                                    "UPDATE ledger_execution SET ended_at = DATEADD(MINUTE, ?, started_at) WHERE snapshot_id ="
                                            + " (SELECT snapshot_id FROM ledger_run WHERE vault_uri = ?)")
                            .params(minutes.get(number), address(vaults.get(number)))
                            .update())
                    .isEqualTo(1);
        }

        // when
        List<String> arguments = new ArrayList<>(List.of("backup", "--json"));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", address(one))));
        Bench.Result next = bench.run(arguments.toArray(String[]::new));

        // then
        assertThat(next.exitCode()).as(next.out() + next.err()).isZero();
        assertThat(next.lines("summary"))
                .extracting(summary -> summary.path("vault").asString())
                .containsExactly(
                        address(vaults.get(3)), address(vaults.get(1)), address(vaults.get(2)), address(vaults.get(0)));
    }

    @Test
    void whereTheStoreFailsLaunchAfterLaunchNoFurtherVaultIsBegun() throws IOException {
        // given
        bench.set("keyvault-backup.vaults-at-once", "2");
        List<EmulatedVault> vaults = vaults(12, 1);
        Files.writeString(bench.store(), "a file");

        // when
        Bench.Result result = backUp(vaults, "--json");
        Bench.Result text = backUp(vaults);

        // then five, and the one that may have been under way besides
        JsonNode together = result.lines("vaults").getFirst();
        int begun = together.path("not_done").size();
        assertThat(begun).isBetween(5, 6);
        assertThat(together.path("not_begun").asInt()).isEqualTo(12 - begun);
        assertThat(result.lines("error")).hasSize(begun);
        assertThat(result.exitCode()).as("as if all had been tried").isEqualTo(10);
        assertThat(text.out()).containsPattern("12 vaults: [56] not found, [67] not begun");
        assertThat(vaults).allSatisfy(one -> assertThat(one.requests().total()).isZero());
    }

    /** With {@code -Psoak} 1,000 vaults, 100 of which are silent, in some minutes; {@code -Dfleet.vaults=N} for another number. */
    @Test
    void vaultsThatDoNotAnswerAreListedOnceEachAndDelayNoOtherForLong() throws IOException {
        // given one of ten that takes connections and says nothing
        int number = Integer.getInteger("fleet.vaults", Boolean.getBoolean("reliability.soak") ? 1000 : 60);
        List<ServerSocket> silent = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        List<EmulatedVault> answering = new ArrayList<>();
        try {
            for (int vault = 0; vault < number; vault++) {
                if (vault % 10 == 3) {
                    silent.add(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
                    addresses.add("https://localhost:" + silent.getLast().getLocalPort());
                } else {
                    EmulatedVault made = emulator.vault("fleet-" + vault);
                    made.secret("password");
                    answering.add(made);
                    addresses.add(made.uri().toString());
                }
            }
            bench.set("keyvault-backup.azure.response-timeout", "500ms").set("keyvault-backup.threads", "2");
            List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--scheduled-for", NIGHT));
            addresses.forEach(address -> arguments.addAll(List.of("--vault", address)));

            // when
            long began = System.nanoTime();
            Bench.Result result = bench.run(arguments.toArray(String[]::new));
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);

            // then
            assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
            JsonNode together = result.lines("vaults").getFirst();
            assertThat(together.path("vaults").asInt()).isEqualTo(number);
            assertThat(together.path("done").asInt()).isEqualTo(number - silent.size());
            assertThat(together.has("not_begun")).isFalse();
            List<String> failed = silent.stream()
                    .map(socket -> "https://localhost:" + socket.getLocalPort())
                    .toList();
            assertThat(together.path("not_done").valueStream())
                    .extracting(one -> one.path("vault").asString())
                    .containsExactlyInAnyOrderElementsOf(failed);
            assertThat(result.lines("error"))
                    .extracting(error -> error.path("vault").asString())
                    .containsExactlyInAnyOrderElementsOf(failed);
            for (ServerSocket socket : silent) {
                assertThat(connectionsTo(socket))
                        .as("connections to %s: four tries for each of three listings", socket)
                        .isBetween(4, 3 * 4);
            }
            // on a busy machine one of them may be too late once; few are, and none for long
            assertThat(answering).as("calls at those that answer").allSatisfy(one -> {
                assertThat(one.requests().count(Operation.BACKUP)).isBetween(1L, TRIES);
                assertThat(one.requests().total()).isLessThanOrEqualTo(MOST_CALLS_OF_ONE_SECRET + 2 * TRIES);
            });
            assertThat(answering.stream()
                            .mapToLong(one -> one.requests().count(Operation.BACKUP))
                            .sum())
                    .as("backup calls of all that answer")
                    .isLessThanOrEqualTo(answering.size() + answering.size() / 20);
            assertThat(answering.stream()
                            .mapToLong(one -> one.requests().total())
                            .sum())
                    .as("calls of all that answer")
                    .isLessThanOrEqualTo(MOST_CALLS_OF_ONE_SECRET * answering.size());
            long turns = (silent.size() + 3L) / 4; // four at once
            long atMost = turns * 3 * 3
                    + number / 10
                    + 60; // three times four tries of half a second and what is between them, and the others
            assertThat(seconds).as("seconds").isLessThan(atMost);
            System.out.println(number + " vaults, " + silent.size() + " of which do not answer: " + seconds + " s");
        } finally {
            for (ServerSocket socket : silent) {
                socket.close();
            }
        }
    }

    /** How many were made; the system took them, whether anybody asked for them or not. */
    private static int connectionsTo(ServerSocket silent) throws IOException {
        silent.setSoTimeout(50);
        int connections = 0;
        while (true) {
            try {
                silent.accept().close();
                connections++;
            } catch (SocketTimeoutException none) {
                return connections;
            }
        }
    }

    @Test
    void aDryRunOfSeveralSaysSo() {
        // given
        List<EmulatedVault> vaults = vaults(3, 2);

        // when
        Bench.Result json = backUp(vaults, "--json", "--dry-run");
        Bench.Result text = backUp(vaults, "--dry-run");

        // then
        assertThat(json.exitCode()).as(json.out() + json.err()).isZero();
        assertThat(json.lines("vaults").getFirst().path("dry_run").asBoolean()).isTrue();
        assertThat(text.out()).endsWith("Dry run of 3 vaults: 3 listed" + System.lineSeparator());
        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void retryContinuesTheLatestRunOfEach() {
        // given two of three that failed
        List<EmulatedVault> vaults = vaults(3, 2);
        vaults.subList(1, 3)
                .forEach(one -> one.faults()
                        .on(Operation.BACKUP, "secret", "app000001")
                        .always()
                        .forbid("ForbiddenByRbac"));
        assertThat(backUp(vaults, "--json").exitCode()).isEqualTo(3);
        vaults.forEach(one -> one.faults().clear());

        // when
        List<String> arguments = new ArrayList<>(List.of("retry", "--json"));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", address(one))));
        Bench.Result retry = bench.run(arguments.toArray(String[]::new));

        // then
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.lines("vaults").getFirst().path("done").asInt()).isEqualTo(3);
        assertThat(vaults)
                .extracting(one -> one.requests().count(Operation.BACKUP))
                .containsExactly(2L, 3L, 3L);
    }

    @Test
    void whatCouldNotBeLaunchedIsToldWithItsVault() throws IOException {
        // given a store that cannot be
        List<EmulatedVault> vaults = vaults(2, 1);
        Files.writeString(bench.store(), "a file");

        // when
        Bench.Result result = backUp(vaults, "--json");
        Bench.Result text = backUp(vaults);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isNotZero();
        assertThat(text.err()).contains(address(vaults.get(0)) + ":", address(vaults.get(1)) + ":");
        assertThat(result.lines("error"))
                .extracting(error -> error.path("vault").asString())
                .containsExactlyInAnyOrder(address(vaults.get(0)), address(vaults.get(1)));
    }

    @Test
    void aPoolThatIsTooSmallIsRefused() {
        Bench.Result result =
                bench.set("spring.datasource.hikari.maximum-pool-size", "8").backUp(vault);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out() + result.err()).contains("8 are too few for 4 vaults at once");
    }

    @Test
    void oneVaultIsToldAsBefore() {
        // given
        vault.secret("app");

        // when
        Bench.Result result = backUp(List.of(vault), "--json");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("vaults")).isEmpty();
    }

    @Test
    void oneUriInTwoSpellingsIsOneVault() {
        // given
        vault.secret("app");
        String spelled = address(vault).replace("https://", "HTTPS://") + "/";

        // when
        Bench.Result result = bench.run("backup", "--json", "--vault", address(vault), "--vault", spelled);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L));
    }

    @Test
    void aNumberThatCannotBeIsRefused() {
        Stream.of("0", "17").forEach(number -> {
            Bench.Result result =
                    bench.set("keyvault-backup.vaults-at-once", number).backUp(vault);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out() + result.err())
                    .contains("keyvault-backup.vaults-at-once: " + number + " is not between 1 and 16");
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
