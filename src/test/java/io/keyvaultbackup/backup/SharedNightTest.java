package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Postgres;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Several processes share the vaults of a night by a job database. Here they are programs of one JVM; {@code SharedNightIT} has processes, and kills them. */
@Timeout(300)
class SharedNightTest extends SharedVaultsTest {

    @Test
    void processesShareTheVaultsAndEachIsOnesAlone() throws Exception {
        // given twelve vaults, and a first process whose two vaults wait until the other has ended one
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(12);
        CountDownLatch bothAtWork = new CountDownLatch(4);
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).times(1).before(() -> {
            bothAtWork.countDown();
            await(bothAtWork);
        }));

        // when
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);

        // then
        assertEnds(0, first.get());
        assertEnds(0, second.get());
        assertThat(Stream.concat(launched(first.get()).stream(), launched(second.get()).stream()))
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(launched(first.get())).hasSizeGreaterThanOrEqualTo(2);
        assertThat(launched(second.get())).hasSizeGreaterThanOrEqualTo(2);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
        for (Bench.Result result : List.of(first.get(), second.get())) {
            JsonNode together = result.lines("vaults").getFirst();
            assertThat(together.path("vaults").asInt()).isEqualTo(12);
            assertThat(together.path("done").asInt()).isEqualTo(launched(result).size());
            assertThat(together.path("ended_elsewhere").asInt())
                    .isEqualTo(12 - launched(result).size());
            assertThat(together.has("not_begun")).isFalse();
        }
    }

    @Test
    void eachAnswersForItsOwnVaultsAndWhoComesAgainOpensWhatDidNotEndWell() {
        // given
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(5);
        vaults.get(3)
                .faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac");

        // when
        Bench.Result first = backUp(vaults);

        // then
        assertEnds(3, first);
        assertThat(launched(first)).containsExactlyInAnyOrderElementsOf(addresses(vaults));

        // and a process that comes again
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertThat(launched(again)).containsExactly(vaults.get(3).uri().toString());
        assertThat(again.lines("vaults").getFirst().path("ended_elsewhere").asInt())
                .isEqualTo(4);

        // and once more, to whom nothing is left
        Bench.Result last = backUp(vaults);
        assertEnds(0, last);
        assertThat(launched(last)).isEmpty();
        assertThat(last.lines("vaults").getFirst().path("ended_elsewhere").asInt())
                .isEqualTo(5);
        assertThat(vaults.stream().mapToLong(one -> one.requests().count(Operation.BACKUP)))
                .containsExactly(3L, 3L, 3L, 4L, 3L);
    }

    /** The pod that is started again meets but that one vault, and would fail its index for it. */
    @Test
    void oneVaultWithoutARoleIsNoLackOfPermissionWhereOthersWentWellElsewhere() {
        // given
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(4);
        EmulatedVault closed = vaults.get(2);
        closed.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
        assertEnds(3, backUp(vaults));

        // when
        Bench.Result again = backUp(vaults);

        // then
        assertEnds(3, again);
        JsonNode together = again.lines("vaults").getFirst();
        assertThat(together.path("exit_code").asInt()).isEqualTo(3);
        assertThat(together.path("ended_elsewhere").asInt()).isEqualTo(3);
        assertThat(together.path("not_done").get(0).path("exit_code").asInt()).isEqualTo(13);
        assertThat(together.has("not_done_elsewhere")).isFalse();
    }

    @Test
    void withoutPermissionForAnyVaultAProcessThatComesAgainSaysSoAgain() {
        // given
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(3);
        vaults.forEach(one -> one.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac"));

        // when, then
        assertEnds(13, backUp(vaults));
        assertEnds(13, backUp(vaults));
    }

    /** The first has one bad vault of two, and waits for the second's, which is another's bad one. */
    @Test
    void whatEndedBadlyElsewhereIsNamedByTheOthersToo() throws Exception {
        // given
        var _ = usePostgres();
        bench.set("keyvault-backup.vaults-at-once", "1");
        List<EmulatedVault> vaults = vaults(2);
        CountDownLatch bothAtWork = new CountDownLatch(2);
        vaults.forEach(one -> {
            one.faults().on(Operation.LIST).times(1).before(() -> {
                bothAtWork.countDown();
                await(bothAtWork);
            });
            one.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
        });

        // when
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);

        // then neither could begin any, nor did the other
        for (Bench.Result result : List.of(first.get(), second.get())) {
            assertEnds(13, result);
            JsonNode together = result.lines("vaults").getFirst();
            assertThat(together.path("not_done").size()).isEqualTo(1);
            assertThat(together.path("not_done_elsewhere").size()).isEqualTo(1);
            assertThat(together.path("not_done_elsewhere").get(0).path("vault").asString())
                    .isNotEqualTo(together.path("not_done").get(0).path("vault").asString())
                    .isIn(addresses(vaults));
            assertThat(together.path("not_done_elsewhere")
                            .get(0)
                            .path("exit_code")
                            .asInt())
                    .isEqualTo(13);
        }
    }

    @Test
    void oneProcessAloneDoesTheSameWithItsOwnFile() {
        List<EmulatedVault> vaults = vaults(5);

        Bench.Result result = backUp(vaults);

        assertEnds(0, result);
        assertThat(launched(result)).containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM fleet_vault WHERE state <> 'ENDED'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whatADeadProcessHadIsTakenOverWhenItsClaimHasEndedAndNotBefore() {
        // given a process that claimed the largest vault, and is no more; its claim ends three seconds after the first
        // call at another
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(3);
        EmulatedVault dead = vaults.get(1);
        assertThat(bench.run("runs").exitCode()).isZero();
        assertThat(claimOf(
                        dead,
                        "INSERT INTO fleet_vault (taken_until, scheduled_for, weight, state, process_id, vault_uri) VALUES"
                                + " (CURRENT_TIMESTAMP + INTERVAL '10' MINUTE, TIMESTAMP WITH TIME ZONE '2026-11-24 03:00:00+00',"
                                + " 99999999999, 'TAKEN', 'dead', ?)"))
                .isEqualTo(1);
        AtomicReference<Instant> ends = new AtomicReference<>(Instant.MAX);
        AtomicReference<Instant> begun = new AtomicReference<>(Instant.MIN);
        vaults.get(0).faults().on(Operation.BACKUP).times(1).before(() -> {
            ends.set(Instant.now().plusSeconds(3));
            assertThat(
                            claimOf(
                                    dead,
                                    "UPDATE fleet_vault SET taken_until = CURRENT_TIMESTAMP + INTERVAL '3' SECOND WHERE vault_uri = ?"))
                    .isEqualTo(1);
        });
        dead.faults().on(Operation.LIST).times(1).before(() -> begun.set(Instant.now()));

        // when
        Bench.Result result = backUp(vaults);

        // then
        assertEnds(0, result);
        assertThat(launched(result)).hasSize(3).last().isEqualTo(dead.uri().toString());
        assertThat(begun.get()).isAfterOrEqualTo(ends.get());
    }

    private int claimOf(EmulatedVault vault, String statement) {
        return bench.jdbc().sql(statement).param(vault.uri().toString()).update();
    }

    /** Else its claim would be renewed for as long as the process lives, and everybody would wait for its end. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a program that waits hears no interrupt
    void whoCouldNotTellTheEndOfAVaultBeginsNothingMoreAndLeaves() {
        // given a database that refuses to note one vault's end, and nothing else
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(6);
        assertThat(bench.run("runs").exitCode()).isZero();
        String refused = vaults.get(3).uri().toString();
        bench.jdbc()
                .sql("ALTER TABLE fleet_vault ADD CONSTRAINT one_end CHECK (state <> 'ENDED' OR vault_uri <> '"
                        + refused + "')")
                .update();

        // when
        Bench.Result broken = backUp(vaults);

        // then
        assertThat(broken.exitCode()).as(broken.out() + broken.err()).isEqualTo(3);
        assertThat(broken.lines("error"))
                .singleElement()
                .satisfies(error -> assertThat(error.path("message").asString()).contains("job database"));

        // and the next one finds it free
        bench.jdbc().sql("ALTER TABLE fleet_vault DROP CONSTRAINT one_end").update();
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertThat(again.lines("vaults").getFirst().path("ended_elsewhere").asInt()
                        + launched(again).size())
                .isEqualTo(6);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
    }

    @Test
    void aStoppedProcessLeavesWhatIsLeftToTheOthers() throws Exception {
        // given one vault after another, the second of which stops the first process
        var _ = usePostgres();
        bench.set("keyvault-backup.vaults-at-once", "1");
        List<EmulatedVault> vaults = vaults(4);
        StopSignal stop = bench.nextStop();
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).always().before(() -> {
            if (calls.incrementAndGet() == SECRETS + 1) {
                stop.give();
                stopped.countDown();
            }
        }));
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        await(stopped);

        // when
        bench.nextStop();
        Bench.Result second = backUp(vaults);

        // then
        assertEnds(130, first.get());
        assertEnds(0, second);
        assertThat(Stream.concat(launched(first.get()).stream(), launched(second).stream())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(first.get().lines("vaults").getFirst().path("not_begun").asInt())
                .isPositive();
    }

    @Test
    void processesWithDifferentVaultsShareWhatBothName() throws Exception {
        // given
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(6);

        // when
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults.subList(0, 4));
        Bench.Result second = backUp(vaults.subList(2, 6));

        // then
        assertEnds(0, first.get());
        assertEnds(0, second);
        assertThat(Stream.concat(launched(first.get()).stream(), launched(second).stream()))
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
    }

    @Test
    void aRunThatAnOperatorStoppedIsLeftAloneAndTheOthersGoOn() {
        // given
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(4);
        EmulatedVault stopped = vaults.get(2);
        stopped.faults().on(Operation.BACKUP, "secret", "app000001").times(1).forbid("ForbiddenByRbac");
        assertEnds(3, backUp(vaults.subList(2, 3)));
        assertEnds(0, bench.run("stop", "--vault", stopped.uri().toString()));

        // when
        Bench.Result result = backUp(vaults);

        // then
        assertEnds(5, result);
        assertThat(result.lines("vaults").getFirst().path("done").asInt()).isEqualTo(3);
        assertThat(result.lines("error")).hasSize(1);
        assertThat(stopped.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
    }

    @Test
    void withoutItsDatabaseAProcessBeginsNothingMoreAndTheNextOneGoesOn() {
        // given a database that is closed while the third vault is at work
        Postgres.Database database = usePostgres();
        bench.set("spring.datasource.hikari.connection-timeout", "1000");
        List<EmulatedVault> vaults = vaults(8);
        AtomicInteger calls = new AtomicInteger();
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).always().before(() -> {
            if (calls.incrementAndGet() == 2 * SECRETS + 1) {
                Postgres.shared().close(database);
            }
        }));

        // when
        Bench.Result broken = backUp(vaults);

        // then
        assertThat(broken.exitCode()).as(broken.out() + broken.err()).isIn(1, 3);
        JsonNode together = broken.lines("vaults").getFirst();
        assertThat(together.path("not_begun").asInt()).isBetween(3, 5);
        assertThat(broken.lines("error"))
                .hasSizeBetween(1, 3)
                .allSatisfy(
                        error -> assertThat(error.path("message").asString()).contains("job database"));
        assertThat(calls.get()).isLessThan(5 * SECRETS);

        // and when it is there again
        Postgres.shared().open(database);
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertThat(calls.get()).isBetween(8 * SECRETS, 8 * SECRETS + 2 * SECRETS);
    }

    @Test
    void whichNightIsSharedHasToBeSaid() {
        Bench.Result result = bench.backUp(vault, "--shared", "--job", "by-hand");

        assertEnds(2, result);
        assertThat(result.out() + result.err()).contains("--shared: which run is shared has to be said");
    }
}
