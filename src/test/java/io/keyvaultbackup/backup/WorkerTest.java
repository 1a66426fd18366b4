package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.ledger.AskedRequests;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Request.State;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.testservices.StoppablePostgres;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked for at the dashboard is done by a worker, or a Job, as a person would do it; what became of it is noted with the request. */
class WorkerTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final JsonMapper JSON = new JsonMapper();

    private VaultAddress address;
    private StopSignal end = new StopSignal();
    private final Executor threads = task -> Thread.ofPlatform().daemon().start(task);

    @BeforeEach
    void prepare() {
        address = VaultAddress.parse(vault.uri().toString());
        bench.set("keyvault-backup.vaults", address.toString())
                .set("keyvault-backup.threads", "2")
                .set("keyvault-backup.store.lease", "1s");
    }

    @AfterEach
    void endWorkers() {
        end.give();
    }

    /** One that waits for requests until the end is given. */
    private CompletableFuture<Bench.Result> worker() {
        end = bench.nextStop();
        return CompletableFuture.supplyAsync(() -> bench.run("worker", "--json"), threads);
    }

    private void assertEnds(CompletableFuture<Bench.Result> worker) {
        end.give();
        Bench.Result ended = worker.join();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    }

    private Bench.Result workOnce() {
        Bench.Result worker = bench.run("worker", "--once", "--json");
        assertThat(worker.exitCode()).as(worker.out() + worker.err()).isZero();
        return worker;
    }

    private SnapshotId night() {
        return SnapshotId.of(address, Instant.parse(NIGHT));
    }

    private long runs() {
        return bench.jdbc()
                .sql("SELECT COUNT(*) FROM ledger_run")
                .query(Long.class)
                .single();
    }

    private String status(SnapshotId run) {
        return bench.jdbc()
                .sql("SELECT status FROM ledger_run WHERE snapshot_id = ?")
                .param(run.value())
                .query(String.class)
                .single();
    }

    @Test
    void aRunThatFailedIsRelaunchedToCompletionByARequest() {
        // given
        vault.secrets("app", 30);
        vault.faults().on(Operation.BACKUP, "secret", "app000007").always().forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isNotZero();
        assertThat(status(night())).isEqualTo("INCOMPLETE");
        vault.faults().clear();
        vault.requests().reset();

        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request relaunch = requests.add(Wish.relaunch(address, night()));

            // when
            Bench.Result worker = workOnce();

            // then
            assertThat(status(night())).isEqualTo("COMPLETE");
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
            assertThat(runs()).isEqualTo(1);
            assertThat(requests.now(relaunch)).satisfies(done -> {
                assertThat(done.state()).isEqualTo(State.DONE);
                assertThat(done.exitCode()).isZero();
                assertThat(done.result()).isNull();
                assertThat(done.endedAt()).isAfterOrEqualTo(done.askedAt());
                assertThat(done.process())
                        .contains("process " + ProcessHandle.current().pid());
            });
            assertThat(worker.lines("request"))
                    .extracting(line -> line.path("state").asString())
                    .containsExactly("TAKEN", "ENDED");
            JsonNode ended = worker.lines("request").getLast();
            assertThat(List.of(
                            ended.path("request").asString(),
                            ended.path("action").asString(),
                            ended.path("vault").asString(),
                            ended.path("exit_code").asString()))
                    .containsExactly(relaunch.id(), "RELAUNCH", address.toString(), "0");
            assertThat(worker.lines("summary")).hasSize(1);
        }
    }

    @Test
    void twoWorkersDoARequestOnce() throws Exception {
        // given
        bench.onDatabase(Postgres.shared().newDatabase());
        vault.secrets("app", 30);
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.add(Wish.runNow(address));

            // when
            CompletableFuture<Bench.Result> other = CompletableFuture.supplyAsync(this::workOnce, threads);
            Bench.Result one = workOnce();

            // then
            assertThat(one.lines("summary").size()
                            + other.get().lines("summary").size())
                    .isEqualTo(1);
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(30);
            assertThat(requests.now(backup).exitCode()).isZero();
            assertThat(status(SnapshotId.of(address, backup.scheduledFor()))).isEqualTo("COMPLETE");
        }
    }

    @Test
    void howItEndedAndWhyIsKeptWithTheRequest() {
        // given a run that nobody knows, and a vault that lets nobody in
        vault.secrets("app", 3);
        vault.faults().onAny().always().forbid("AccessDenied");
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request relaunch = requests.add(Wish.relaunch(address, night()));
            Request backup = requests.add(Wish.runNow(address));

            // when
            Bench.Result worker = bench.run("worker", "--once");

            // then
            assertThat(worker.exitCode()).as(worker.out() + worker.err()).isZero();
            assertThat(requests.now(relaunch).exitCode()).isEqualTo(10);
            assertThat(requests.now(relaunch).result()).contains("There is no run " + night());
            assertThat(requests.now(backup).exitCode()).isEqualTo(13);
            assertThat(requests.now(backup).result()).contains("AccessDenied");
            assertThat(worker.err()).contains("There is no run " + night());
            assertThat(worker.out())
                    .contains("Request " + relaunch.id() + ": RELAUNCH of " + address
                            + ", asked for by someone@example.com")
                    .contains("Request " + relaunch.id() + ": RELAUNCH of " + address + " ended with 10");
        }
    }

    @Test
    void whatARestoreWouldDoIsKeptWithTheRequestAndNothingIsRestored() {
        // given
        vault.secrets("app", 3);
        vault.key("signing");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        EmulatedVault target = emulator.vault("target-of-a-plan");
        VaultAddress to = VaultAddress.parse(target.uri().toString());
        bench.set("keyvault-backup.vaults", address + "," + to);
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request plan = requests.add(Wish.restorePlan(
                    address, night(), to, new Selection(EnumSet.of(ObjectKind.SECRET), List.of("app*"), List.of())));

            // when
            workOnce();

            // then
            Request done = requests.now(plan);
            assertThat(done.exitCode()).as(done.result()).isZero();
            assertThat(String.valueOf(done.result()).lines().map(JSON::readTree))
                    .hasSize(4)
                    .anySatisfy(line -> {
                        assertThat(line.path("message_type").asString()).isEqualTo("summary");
                        assertThat(line.path("dry_run").asBoolean()).isTrue();
                        assertThat(line.path("vault").asString()).isEqualTo(to.toString());
                    });
            assertThat(target.requests().count(Operation.RESTORE)).isZero();
        }
    }

    /** A browser's text is a value, whatever it looks like. */
    @Test
    void aPatternOfObjectsNeverBecomesAnOption() throws IOException {
        // given
        vault.secrets("app", 3);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        Path elsewhere = directory.resolve("elsewhere");
        EmulatedVault target = emulator.vault("target-of-options");
        VaultAddress to = VaultAddress.parse(target.uri().toString());
        bench.set("keyvault-backup.vaults", address + "," + to);
        Path file = Files.writeString(directory.resolve("arguments"), "--yes");
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request plan = requests.add(Wish.restorePlan(
                    address,
                    null,
                    to,
                    new Selection(
                            EnumSet.allOf(ObjectKind.class),
                            List.of("app*", "secret/--yes", "${user.home}", "app --store=" + elsewhere),
                            List.of("@" + file, "secret/--on-conflict=skip", "'--help'", "a,b", "\"x"))));

            // when
            workOnce();

            // then they are the names of objects that there are not, word for word
            Request done = requests.now(plan);
            List<JsonNode> lines = String.valueOf(done.result())
                    .lines()
                    .<JsonNode>map(JSON::readTree)
                    .toList();
            assertThat(lines).as(done.result()).hasSize(4);
            List<String> unknown = new ArrayList<>();
            lines.getLast().path("not_in_snapshot").forEach(name -> unknown.add(name.asString()));
            assertThat(unknown).containsExactlyInAnyOrder("secret/--yes", "${user.home}", "app --store=" + elsewhere);
            assertThat(done.exitCode()).isEqualTo(5);
            assertThat(target.requests().count(Operation.RESTORE)).isZero();
            assertThat(elsewhere).doesNotExist();

            // and a reason, of a run that is complete
            Request stop = requests.add(Wish.stop(address, night(), "why --store=" + elsewhere));
            workOnce();
            assertThat(requests.now(stop).exitCode()).isZero();
            assertThat(elsewhere).doesNotExist();
        }
    }

    @Test
    void aStopIsDoneWhileTheBackupThatItIsOfIsAtWork() throws Exception {
        // given a worker that is at a backup, which goes on once the stop is there
        vault.secrets("app", 300);
        bench.set("keyvault-backup.vaults-at-once", "1");
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000010").times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(stopped);
        });
        vault.faults().on(Operation.BACKUP).always().delay(Duration.ofMillis(40));
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.add(Wish.runNow(address));
            CompletableFuture<Bench.Result> worker = worker();
            inTheMiddle.await();

            // when
            Request stop = requests.add(Wish.stop(address, null, "the vault is needed"));

            // then
            assertThat(requests.await(stop, request -> request.state() == State.DONE)
                            .exitCode())
                    .isZero();
            stopped.countDown();
            Request ended = requests.await(backup, request -> request.state() == State.DONE);
            assertThat(ended.exitCode()).isEqualTo(130);
            assertThat(ended.result()).contains("the vault is needed");
            assertThat(vault.requests().count(Operation.BACKUP)).isLessThan(300);

            // and
            assertEnds(worker);
        }
    }

    @Test
    void aWorkerThatIsToEndHandsTheStopOnAndTheNextOneContinuesTheSameRun() {
        // given
        vault.secrets("app", 60);
        end = bench.nextStop();
        vault.faults().on(Operation.BACKUP).skip(20).times(1).before(end::give);
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.add(Wish.runNow(address));

            // when
            Bench.Result worker = bench.run("worker", "--json");

            // then
            assertThat(worker.exitCode()).as(worker.out() + worker.err()).isZero();
            assertThat(worker.lines("request"))
                    .extracting(line -> line.path("state").asString())
                    .containsExactly("TAKEN", "GIVEN_BACK");
            assertThat(requests.now(backup).state()).isEqualTo(State.WAITING);

            // and
            bench.nextStop();
            workOnce();
            assertThat(requests.now(backup).exitCode()).isZero();
            assertThat(runs()).isEqualTo(1);
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(60);
        }
    }

    @Test
    void aProcessOfItsOwnIsEndedBySigtermWithZero() throws Exception {
        // given one that waits
        try (AskedRequests requests =
                AskedRequests.in(bench.onDatabase(Postgres.shared().newDatabase()))) {
            Request stop = requests.add(Wish.stop(address, null, null));
            OwnProcess.Running worker = new OwnProcess(directory, emulator, bench).start("worker");
            assertThat(requests.await(stop, request -> request.state() == State.DONE)
                            .exitCode())
                    .isEqualTo(10); // there is nothing to stop

            // when
            worker.terminate();

            // then
            Bench.Result ended = worker.await();
            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        }
    }

    @Test
    void whatAWorkerHadThatWasKilledIsDoneByAnotherOnceItsClaimHasEnded() throws Exception {
        // given
        bench.onDatabase(Postgres.shared().newDatabase()).set("keyvault-backup.store.lease", "2s");
        vault.secrets("app", 60);
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(dead);
        });
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.add(Wish.runNow(address));
            OwnProcess.Running killed = new OwnProcess(directory, emulator, bench).start("worker");
            inTheMiddle.await();
            String first = String.valueOf(requests.now(backup).process());

            // when
            killed.kill();
            killed.await();
            dead.countDown();
            CompletableFuture<Bench.Result> worker = worker();

            // then its lease in the store has ended too
            Request done = requests.await(backup, request -> request.state() == State.DONE);
            assertThat(done.exitCode()).as(done.result()).isZero();
            assertThat(done.process()).isNotEqualTo(first);
            assertThat(runs()).isEqualTo(1);
            assertThat(status(SnapshotId.of(address, backup.askedAt().truncatedTo(ChronoUnit.SECONDS))))
                    .isEqualTo("COMPLETE");
            assertEnds(worker);
        }
    }

    @Test
    void whatConcernsAVaultThatIsNotConfiguredHereIsNotDone() {
        // given
        vault.secrets("app", 1);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        EmulatedVault other = emulator.vault("not-configured");
        VaultAddress unknown = VaultAddress.parse(other.uri().toString());
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.add(Wish.runNow(unknown));
            Request plan = requests.add(Wish.restorePlan(address, null, unknown, Selection.everything()));

            // when
            workOnce();

            // then
            assertThat(requests.now(backup).state()).isEqualTo(State.WAITING);
            assertThat(requests.now(plan).exitCode()).isEqualTo(2);
            assertThat(requests.now(plan).result()).contains("no vault that is configured");
            assertThat(other.requests().total()).isZero();

            // and where it is configured
            bench.set("keyvault-backup.vaults", address + "," + unknown);
            workOnce();
            assertThat(requests.now(backup).exitCode()).isZero();
        }
    }

    @Test
    void aWorkerOutlivesItsDatabase() throws Exception {
        try (StoppablePostgres postgres = StoppablePostgres.start(Files.createDirectory(directory.resolve("pg")))) {
            // given a worker that has done something
            bench.onDatabase(postgres.database()).set("spring.datasource.hikari.connection-timeout", "1000");
            vault.secrets("app", 3);
            CompletableFuture<Bench.Result> worker = worker();
            try (AskedRequests requests = AskedRequests.in(bench)) {
                Request first = requests.add(Wish.runNow(address));
                requests.await(first, request -> request.state() == State.DONE);
            }

            // when
            postgres.stop();
            postgres.startAgain();

            // then
            try (AskedRequests requests = AskedRequests.in(bench)) {
                Request second = requests.add(Wish.stop(address, null, null));
                assertThat(requests.await(second, request -> request.state() == State.DONE)
                                .exitCode())
                        .isZero();
            }
            assertEnds(worker);
        }
    }

    @Test
    void aJobsVerbNotesWhatBecomesOfItsRequest() {
        // given
        vault.secrets("app", 5);
        vault.faults().on(Operation.BACKUP, "secret", "app000002").always().forbid("ForbiddenByRbac");
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request backup = requests.addForAJob(Wish.runNow(address));
            List<String> arguments = new ArrayList<>(backup.arguments());
            arguments.addAll(List.of("--request", backup.id()));
            workOnce();
            assertThat(requests.now(backup).state()).isEqualTo(State.WAITING);

            // when its first pod fails, and another one comes
            Bench.Result first = bench.run(arguments.toArray(String[]::new));
            assertThat(first.exitCode()).as(first.out() + first.err()).isNotZero();
            assertThat(requests.now(backup)).satisfies(failed -> {
                assertThat(failed.state()).isEqualTo(State.DONE);
                assertThat(failed.exitCode()).isEqualTo(first.exitCode());
                assertThat(failed.result()).isNotBlank();
            });
            vault.faults().clear();
            Bench.Result second = bench.run(arguments.toArray(String[]::new));

            // then
            assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
            assertThat(requests.now(backup).exitCode()).isZero();
            assertThat(requests.now(backup).result()).isNull();
            assertThat(runs()).isEqualTo(1);

            // and a third one, of a pod that could not say that it was done
            long before = vault.requests().total();
            assertThat(bench.run(arguments.toArray(String[]::new)).exitCode()).isZero();
            assertThat(vault.requests().total()).isEqualTo(before);
        }
    }

    @Test
    void aJobsPlanIsKeptAndPrintedAndAStopNeedsNoMoreThanItsRequest() {
        // given
        vault.secrets("app", 2);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request plan = requests.addForAJob(Wish.restorePlan(address, null, address, Selection.everything()));
            List<String> arguments = new ArrayList<>(plan.arguments());
            arguments.add("--request=" + plan.id());

            // when
            Bench.Result restore = bench.run(arguments.toArray(String[]::new));
            Request stop = requests.addForAJob(Wish.stop(address, night(), null));
            Bench.Result stopped = bench.run(
                    "stop", "--json", "--vault", address.toString(), "--run", night().value(), "--request", stop.id());

            // then
            assertThat(restore.summary().path("dry_run").asBoolean()).isTrue();
            assertThat(requests.now(plan).result()).isEqualTo(restore.out());
            assertThat(requests.now(plan).exitCode()).isEqualTo(restore.exitCode());
            assertThat(stopped.states()).isEqualTo(Map.of(address.toString(), "COMPLETE"));
            assertThat(requests.now(stop).exitCode()).isZero();
        }
    }

    @Test
    void aJobAsksNothingOfAVaultThatIsNotConfigured() {
        // given
        vault.secrets("app", 1);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        EmulatedVault other = emulator.vault("not-ours");
        try (AskedRequests requests = AskedRequests.in(bench)) {
            Request plan = requests.addForAJob(Wish.restorePlan(
                    address, null, VaultAddress.parse(other.uri().toString()), Selection.everything()));
            List<String> arguments = new ArrayList<>(plan.arguments());
            arguments.add("--request=" + plan.id());

            // when
            Bench.Result job = bench.run(arguments.toArray(String[]::new));

            // then
            assertThat(job.exitCode()).as(job.out() + job.err()).isEqualTo(2);
            assertThat(requests.now(plan)).satisfies(refused -> {
                assertThat(refused.state()).isEqualTo(State.DONE);
                assertThat(refused.exitCode()).isEqualTo(2);
                assertThat(refused.result()).contains(other.uri() + " is no vault that is configured");
            });
            assertThat(other.requests().total()).isZero();
        }
    }

    @Test
    void aRequestThatNobodyKnowsIsToldAndNothingIsBegun() {
        vault.secret("app");

        Bench.Result unknown =
                bench.run("backup", "--vault", address.toString(), "--request", "00000000-0000-0000-0000-000000000000");

        assertThat(unknown.exitCode()).isEqualTo(10);
        assertThat(unknown.err())
                .contains("There is no request 00000000-0000-0000-0000-000000000000 in the job database");
        assertThat(vault.requests().total()).isZero();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
