package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.DroppedWrite;
import io.keyvaultbackup.testservices.Postgres;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The database of two processes that share a night fails them both: each says so and ends, and the next ones finish the night. */
@Timeout(300)
class SharedNightDatabaseTest extends SharedVaultsTest {

    private static final int AT_WORK = 4;

    /** Runs two processes, and this once both of them have two vaults at work. */
    private List<Bench.Result> whileTwoShare(List<EmulatedVault> vaults, Set<EmulatedVault> begun, Runnable what)
            throws Exception {
        CountDownLatch allAtWork = new CountDownLatch(AT_WORK);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).always().before(() -> {
            if (begun.add(one)) {
                allAtWork.countDown();
            }
            await(allAtWork);
            if (calls.incrementAndGet() == 1) {
                try {
                    what.run();
                } finally {
                    done.countDown();
                }
            }
            await(done);
        }));
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);
        List<Bench.Result> both = List.of(first.get(), second.get());
        vaults.forEach(one -> one.faults().clear());
        return both;
    }

    private static void assertSaysSo(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isIn(1, 3);
        assertThat(result.lines("error"))
                .as(result.out() + result.err())
                .isNotEmpty()
                .allSatisfy(
                        error -> assertThat(error.path("message").asString()).contains("job database"));
        assertThat(result.err()).doesNotContain("Exception", "\tat ");
    }

    private void assertFinished(List<EmulatedVault> vaults) {
        assertThat(vaults).allSatisfy(one -> assertThat(stateOf(one)).isEqualTo("ENDED 0"));
        assertThat(bench.blobs().keySet().stream()
                        .filter(name -> name.contains("/manifests/"))
                        .map(name -> name.substring(0, name.indexOf('/')))
                        .collect(Collectors.toSet()))
                .hasSize(vaults.size());
    }

    @Test
    void eachEndsAndBeginsNothingMoreWhereItIsGoneAndTheNextOnesFinishTheNight() throws Exception {
        // given
        Postgres.Database database = usePostgres();
        bench.set("spring.datasource.hikari.connection-timeout", "3000");
        List<EmulatedVault> vaults = vaults(10);
        Set<EmulatedVault> begun = ConcurrentHashMap.newKeySet();

        // when
        List<Bench.Result> both =
                whileTwoShare(vaults, begun, () -> Postgres.shared().close(database));

        // then
        assertThat(begun).hasSize(AT_WORK);
        both.forEach(result -> {
            assertSaysSo(result);
            JsonNode together = result.lines("vaults").getFirst();
            assertThat(together.path("not_begun").asInt()).isEqualTo(vaults.size() - 2);
            assertThat(together.path("not_done").size()).isEqualTo(2);
        });
        assertThat(vaults)
                .allSatisfy(one -> assertThat(one.requests().count(Operation.BACKUP))
                        .isLessThanOrEqualTo(begun.contains(one) ? SECRETS : 0));

        // and when it is there again, and nobody has ended the claims of those that are gone
        Postgres.shared().open(database);
        begun.forEach(one -> assertThat(stateOf(one)).isEqualTo("TAKEN"));
        begun.forEach(this::letTheClaimEnd);
        CompletableFuture<Bench.Result> other = atTheSameTime(vaults);
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertEnds(0, other.get());
        assertFinished(vaults);
        assertThat(vaults)
                .allSatisfy(one -> assertThat(one.requests().count(Operation.BACKUP))
                        .isBetween((long) SECRETS, begun.contains(one) ? 2L * SECRETS : SECRETS));
    }

    /** As where PostgreSQL is started again: it is there for whoever asks next. */
    @Test
    void connectionsThatAreDroppedCostTheVaultsAtWorkAtMostAndTheNextOnesFinishTheNight() throws Exception {
        // given
        Postgres.Database database = usePostgres();
        List<EmulatedVault> vaults = vaults(10);
        Set<EmulatedVault> begun = ConcurrentHashMap.newKeySet();

        // when
        List<Bench.Result> both =
                whileTwoShare(vaults, begun, () -> Postgres.shared().dropConnections(database));

        // then what one could not tell the other finishes, or it is told
        both.stream().filter(result -> result.exitCode() != 0).forEach(SharedNightDatabaseTest::assertSaysSo);

        // and
        vaults.forEach(this::letTheClaimEnd);
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertFinished(vaults);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isBetween((long) SECRETS, 2L * SECRETS));
    }

    /** As where a pod is ended on a node that loses its network: what it had is another's, who does not wait for its claim's end. */
    @Test
    void whatWasStoppedIsGivenBackThoughADroppedConnectionMeetsTheStop() throws Exception {
        // given a process that is asked to end while its write of the ledger's waits, whose connection is dropped then
        Postgres.Database database = usePostgres();
        bench.set("keyvault-backup.vaults-at-once", "1");
        List<EmulatedVault> vaults = vaults(2);
        StopSignal stop = bench.nextStop();
        try (DroppedWrite write = DroppedWrite.to("ledger_object", database)) {
            AtomicInteger calls = new AtomicInteger();
            vaults.forEach(one -> one.faults().on(Operation.BACKUP).always().before(() -> {
                if (calls.incrementAndGet() == 1) {
                    write.begin();
                    stop.give();
                }
            }));

            // when
            Bench.Result stopped = backUp(vaults);
            write.await();

            // then
            assertEnds(130, stopped);
            assertThat(stopped.lines("error"))
                    .singleElement()
                    .satisfies(error ->
                            assertThat(error.path("message").asString()).contains("job database"));
            assertThat(vaults).extracting(this::stateOf).containsOnly("WAITING");
        }

        // and
        bench.nextStop();
        assertEnds(0, backUp(vaults));
        assertFinished(vaults);
    }
}
