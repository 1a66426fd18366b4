package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A stop that an operator asks for is kept in the store: who is at work hears of it, who starts later begins nothing, until it is retried. */
class OperatorStopTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int SECRETS = 300;

    private int disks;

    @BeforeEach
    void prepare() {
        bench.set("keyvault-backup.threads", "2").set("keyvault-backup.store.lease", "1s");
    }

    @Test
    void whoIsAtWorkHearsOfItAndWhoStartsLaterBeginsNothingUntilItIsRetried() {
        // given a stop from another machine, while the backup goes its slow way
        vault.secrets("app", SECRETS);
        AtomicReference<Bench.Result> asked = new AtomicReference<>();
        AtomicBoolean asking = new AtomicBoolean();
        CountDownLatch told = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000010").times(1).before(() -> {
            asking.set(true);
            asked.set(stop("--reason", "the vault is needed"));
            told.countDown();
        });
        vault.faults()
                .on(Operation.BACKUP)
                .always()
                .delay(Duration.ofMillis(40))
                .before(
                        () -> { // however long the other program takes to start
                            if (asking.get()) {
                                awaitQuietly(told);
                            }
                        });

        // when
        Bench.Result stopped = pod();

        // then
        assertDone(asked.get());
        assertThat(asked.get().summary().path("state").asString()).isEqualTo("STOPPED");
        assertThat(asked.get().summary().path("held_by").asString()).endsWith(", execution 1");
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(stopped.failures()).containsEntry("the run itself", "STOPPED");
        assertThat(stopped.lines("error").getFirst().path("message").asString())
                .startsWith("stopped by " + System.getProperty("user.name") + "@")
                .endsWith(", because the vault is needed");
        assertThat(vault.requests().count(Operation.BACKUP)).isLessThan(SECRETS);
        vault.faults().clear();

        // and a pod that starts later
        long before = vault.requests().total();
        Map<String, byte[]> blobs = bench.blobs();
        Bench.Result later = pod();
        assertThat(later.exitCode()).as(later.out() + later.err()).isEqualTo(130);
        assertThat(later.lines("error").getFirst().path("message").asString())
                .contains("was stopped by ", ", because the vault is needed. Nothing of it was begun.")
                .contains("keyvault-backup retry --vault " + vault.uri() + " --run 20261124T030000Z-");
        assertThat(vault.requests().total()).isEqualTo(before);
        assertThat(bench.blobs()).containsOnlyKeys(blobs.keySet());

        // and when it is retried, and stopped by a signal
        StopSignal signal = bench.nextStop();
        vault.faults().on(Operation.BACKUP).times(1).before(signal::give);
        Bench.Result retried =
                anywhere().run("retry", "--json", "--vault", vault.uri().toString());
        assertThat(retried.exitCode()).as(retried.out() + retried.err()).isEqualTo(130);
        assertThat(retried.failures().values()).doesNotContain("STOPPED");

        // then pods go on as before
        bench.nextStop();
        Bench.Result done = pod();
        assertDone(done);
        assertThat(done.outcomes()).isEqualTo(Map.of("BACKED_UP", (long) SECRETS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
        assertThat(stop().summary().path("state").asString()).isEqualTo("COMPLETE");
    }

    @Test
    void aStopBetweenTwoPodsHoldsForAllThatFollow() {
        // given a pod that a drain has ended: no stop of an operator
        drained();
        assertThat(bench.blobs()).noneSatisfy((name, bytes) -> assertThat(name).contains("/stops/"));

        // when
        Bench.Result asked = stop();
        Bench.Result again = stop("--reason", "again");

        // then
        assertDone(asked);
        assertThat(asked.summary().has("held_by")).isFalse();
        assertDone(again);
        assertThat(again.summary().path("state").asString()).isEqualTo("ALREADY_STOPPED");
        assertThat(again.summary().path("stop").asString())
                .isEqualTo(asked.summary().path("stop").asString());
        long before = vault.requests().total();
        assertThat(pod().exitCode()).isEqualTo(130);
        assertThat(pod().exitCode()).isEqualTo(130);
        assertThat(vault.requests().total()).isEqualTo(before);
    }

    @Test
    void runsTellWhoStoppedARunUntilItGoesOn() {
        // given
        drained();
        stop("--reason", "the vault\u2019s needed");
        bench.set("keyvault-backup.data-directory", directory.resolve("disk-1").toString());

        // when
        Bench.Result list = bench.run("runs", "--json");
        Bench.Result text = bench.run("runs");
        Bench.Result one = bench.run("runs", "20261124T03");
        bench.without("keyvault-backup.store.directory");
        Bench.Result withoutStore = bench.run("runs");
        bench.set("keyvault-backup.store.directory", "/proc/none/store");
        Bench.Result storeGone = bench.run("runs", "--json");

        // then
        String by = System.getProperty("user.name") + "@";
        JsonNode told = list.lines("run").getFirst();
        assertThat(told.path("status").asString()).isEqualTo("STOPPED");
        assertThat(told.path("stopped_by").asString()).startsWith(by);
        assertThat(Instant.parse(told.path("stopped_at").asString())).isBefore(Instant.now());
        assertThat(told.path("stop_reason").asString()).isEqualTo("the vault\u2019s needed");
        assertThat(text.out()).contains("    stopped by " + by).contains(", because the vault\u2019s needed");
        assertThat(one.out())
                .contains("Status    STOPPED; stopped by " + by)
                .contains(", because the vault\u2019s needed");
        assertDone(withoutStore);
        assertThat(withoutStore.out() + withoutStore.err())
                .contains("STOPPED")
                .doesNotContain("stopped by", "could not");
        assertDone(storeGone);
        assertThat(storeGone.lines("run").getFirst().has("stopped_by")).isFalse();
        assertThat(storeGone.err()).contains("Whether somebody has stopped a run could not be asked of the store: ");

        // and when it goes on
        bench.set("keyvault-backup.store.directory", bench.store().toString());
        vault.faults().on(Operation.BACKUP, "secret", "app000008").times(1).forbid("ForbiddenByRbac");
        assertThat(retry().exitCode()).isEqualTo(3);
        assertThat(bench.run("runs", "--json").lines("run").getFirst().has("stopped_by"))
                .isFalse();
    }

    @Test
    void howSoonItIsHeardIsToldAsTheLeaseHasIt() {
        // given
        vault.secrets("app", 3);
        AtomicReference<Bench.Result> asked = new AtomicReference<>();
        vault.faults().on(Operation.BACKUP).times(1).before(() -> {
            bench.set("keyvault-backup.store.lease", "30s");
            asked.set(anywhere().run("stop", "--vault", vault.uri().toString()));
        });

        // when
        pod();

        // then
        assertDone(asked.get());
        assertThat(asked.get().out())
                .contains("hears of it when it renews its lease (10 s), and ends within 20 s then");
    }

    @Test
    void aStopAfterARetryHoldsAgain() {
        drained();
        stop();
        StopSignal signal = bench.nextStop();
        vault.faults().on(Operation.BACKUP).times(1).before(signal::give);
        assertThat(retry().exitCode()).isEqualTo(130);
        bench.nextStop();

        Bench.Result asked = stop();

        assertThat(asked.summary().path("state").asString()).isEqualTo("STOPPED");
        assertThat(pod().exitCode()).isEqualTo(130);
        assertDone(retry());
    }

    @Test
    void theNextNightIsNotTouched() {
        drained();
        stop();

        Bench.Result next = anywhere().backUp(vault, "--scheduled-for", "2026-11-25T03:00:00Z");

        assertDone(next);
        assertThat(pod().exitCode()).isEqualTo(130);
        assertThat(stop("--run", "20261124").summary().path("state").asString()).isEqualTo("ALREADY_STOPPED");
    }

    /** Nothing but its number is in the store then. */
    @Test
    void aRunThatHasCopiedNothingYetIsStoppedAndRetriedToo() {
        // given
        vault.secret("app");
        StopSignal signal = bench.nextStop();
        vault.faults().on(Operation.LIST).times(1).before(signal::give);
        assertThat(pod().exitCode()).isEqualTo(130);
        bench.nextStop();

        // when
        assertDone(stop());

        // then
        assertThat(pod().exitCode()).isEqualTo(130);
        assertDone(retry());
        assertThat(retry().summary().path("scheduled_for").asString()).isEqualTo(NIGHT);
    }

    @Test
    void aVaultWithNothingToStopIsTold() {
        EmulatedVault other = emulator.vault("nothing-to-stop");
        Bench.Result none = stop();

        assertThat(none.exitCode()).as(none.out() + none.err()).isEqualTo(10);
        assertThat(none.summary().path("state").asString()).isEqualTo("NONE");

        // and beside one that has
        drained();
        assertDone(stop("--vault", other.uri().toString()));
        assertThat(stop("--run", "20301124").exitCode()).isEqualTo(10);
        assertThat(vault.requests().count(Operation.LIST) + other.requests().total())
                .isEqualTo(vault.requests().count(Operation.LIST));
    }

    @Test
    void anIdOfMoreThanOneRunIsRefused() {
        drained();
        assertDone(anywhere().backUp(vault, "--scheduled-for", "2026-11-25T03:00:00Z"));

        Bench.Result refused = stop("--run", "202611");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).contains("2 runs of " + vault.uri() + " start with 202611");
    }

    @Test
    void peopleAreToldWhatHappensNow() {
        drained();

        Bench.Result asked = anywhere().run("stop", "--vault", vault.uri().toString(), "--reason", "too slow");

        assertDone(asked);
        assertThat(asked.out())
                .startsWith(vault.uri() + ": run 20261124T030000Z-")
                .contains(" is stopped by ", ", because too slow")
                .contains("        keyvault-backup retry --vault " + vault.uri() + " --run 20261124T030000Z-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1", "of another run"})
    void aNoteThatCanNotBeReadIsAStop(String damage) throws IOException {
        // given
        drained();
        stop();
        Path note = bench.store()
                .resolve(bench.blobs().keySet().stream()
                        .filter(name -> name.contains("/stops/"))
                        .findFirst()
                        .orElseThrow());
        Files.writeString(
                note,
                damage.equals("of another run")
                        ? Files.readString(note)
                                .replace("20261124T", "20261123T")
                                .replace("\"stop\"", "\"go-on\"")
                        : damage);

        // when
        Bench.Result refused = pod();

        // then
        assertThat(refused.exitCode()).as(refused.out() + refused.err()).isEqualTo(130);
        assertThat(refused.lines("error").getFirst().path("message").asString())
                .contains("was stopped by somebody", "/stops/20261124T", "keyvault-backup retry");
        assertDone(retry());
    }

    @Test
    void wrongUsageIsRefused() {
        Bench.Result control = stop("--reason", "a\u001b[31mb");
        Bench.Result blank = stop("--run", " ");
        Bench.Result unnamed = anywhere().run("stop");

        assertThat(control.exitCode()).isEqualTo(2);
        assertThat(control.out()).contains("--reason: ", "holds a control character");
        assertThat(blank.exitCode()).isEqualTo(2);
        assertThat(blank.out()).contains("--run: the ID is empty");
        assertThat(unnamed.exitCode()).isEqualTo(2);
        assertThat(unnamed.err()).contains("No vault is named");
        assertThat(stop("--reason", "a".repeat(301)).exitCode()).isEqualTo(2);
    }

    /** Which may add blobs and read them, and neither overwrite nor delete any. */
    @Test
    void theIdentityOfBackupsIsEnoughInAContainer() {
        bench.set("keyvault-backup.store.lease", "15s")
                .onContainer(Azurite.shared().newContainer(), "rcl");
        drained();

        assertDone(stop("--reason", "too slow"));

        assertThat(pod().exitCode()).isEqualTo(130);
        assertDone(retry());
        assertDone(pod());
    }

    /** A pod that is ended by its node. */
    private void drained() {
        vault.secrets("app", 12);
        StopSignal signal = bench.nextStop();
        vault.faults().on(Operation.BACKUP, "secret", "app000004").times(1).before(signal::give);
        Bench.Result ended = pod();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(130);
        bench.nextStop();
    }

    /** Of the night's Job, on a disk of its own. */
    private Bench.Result pod() {
        return anywhere().backUp(vault, "--scheduled-for", NIGHT);
    }

    private Bench.Result retry() {
        return anywhere().run("retry", "--json", "--vault", vault.uri().toString());
    }

    private Bench anywhere() {
        return bench.set(
                "keyvault-backup.data-directory",
                directory.resolve("disk-" + ++disks).toString());
    }

    /** From elsewhere, while others may be at work: the store is all that is shared. */
    private Bench.Result stop(String... more) {
        return anywhere()
                .run(Stream.concat(
                                Stream.of(
                                        "stop", "--json", "--vault", vault.uri().toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static void assertDone(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
