package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** An operator's stop while several processes share a night: each hears of it for the vaults that it has, and ends; what is left is for {@code retry}. */
@Timeout(300)
class SharedNightStopTest extends SharedVaultsTest {

    /** At 20 ms each, by two threads, some seconds: the stop is heard with the next renewal, within one. */
    private static final int MANY = 300;

    private Bench.Result verb(String verb, List<EmulatedVault> vaults) {
        List<String> arguments = new ArrayList<>(List.of(verb, "--json"));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", one.uri().toString())));
        return bench.run(arguments.toArray(String[]::new));
    }

    @Test
    void allProcessesEndAndWhatIsLeftIsForARetry() throws Exception {
        // given two processes with two vaults each at work, and a fifth that nobody has begun
        var _ = usePostgres();
        bench.set("keyvault-backup.store.lease", "3s").set("keyvault-backup.threads", "2");
        List<EmulatedVault> vaults = vaults(5, MANY);
        Set<EmulatedVault> begun = ConcurrentHashMap.newKeySet();
        CountDownLatch fourAtWork = new CountDownLatch(4);
        CountDownLatch told = new CountDownLatch(1);
        vaults.forEach(one -> one.faults()
                .on(Operation.BACKUP)
                .always()
                .delay(Duration.ofMillis(40))
                .before(() -> {
                    if (begun.add(one)) {
                        fourAtWork.countDown();
                    }
                    await(told);
                }));
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);
        await(fourAtWork);

        // when
        Bench.Result stop = verb("stop", vaults);
        told.countDown();

        // then both end, and have said of each vault who stopped it, also of the one that neither had begun
        assertEnds(0, stop);
        assertThat(stop.states().values())
                .containsExactlyInAnyOrder("STOPPED", "STOPPED", "STOPPED", "STOPPED", "NOT_BEGUN");
        List<Bench.Result> both = List.of(first.get(), second.get());
        both.forEach(result -> {
            assertEnds(5, result);
            assertThat(notDone(result))
                    .hasSizeBetween(2, 3)
                    .allSatisfy(one -> assertThat(one.path("exit_code").asInt()).isEqualTo(130));
            assertThat(result.lines("vaults").getFirst().has("not_begun")).isFalse();
        });
        assertThat(both.stream().flatMap(result -> result.lines("error").stream()))
                .hasSize(5)
                .allSatisfy(
                        error -> assertThat(error.path("message").asString()).contains("stopped by "));
        assertThat(both.stream()
                        .flatMap(result -> notDone(result).stream())
                        .map(one -> one.path("vault").asString()))
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(vaults).allSatisfy(one -> {
            assertThat(one.requests().count(Operation.BACKUP))
                    .isBetween(begun.contains(one) ? 1L : 0L, begun.contains(one) ? MANY - 1L : 0L);
            assertThat(stateOf(one)).isEqualTo("ENDED 130");
        });

        // and a pod that starts later leaves them alone, as does its next try
        long calls = vaults.stream().mapToLong(one -> one.requests().total()).sum();
        Bench.Result later = backUp(vaults);
        assertEnds(5, later);
        assertThat(notDone(later)).hasSize(5);
        assertThat(vaults.stream().mapToLong(one -> one.requests().total()).sum())
                .isEqualTo(calls);

        // and when they are retried, nothing is done twice, and the night is done
        vaults.forEach(one -> one.faults().clear());
        Bench.Result retried = verb("retry", vaults);
        assertEnds(0, retried);
        assertEnds(0, backUp(vaults));
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(MANY));
    }

    private static List<JsonNode> notDone(Bench.Result result) {
        return result.lines("vaults").getFirst().path("not_done").valueStream().toList();
    }

    /** A stop from a machine that has neither the job database nor a way to the vaults. */
    @Test
    void whoStopsNeedsNotTheDatabaseOfTheNight() {
        // given a night that was left incomplete
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(3);
        vaults.forEach(one -> one.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac"));
        assertEnds(3, backUp(vaults));

        // when
        bench.set("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none");
        Bench.Result stop = verb("stop", vaults);

        // then
        assertEnds(0, stop);
        assertThat(stop.states().values()).containsOnly("STOPPED").hasSize(3);
        assertThat(Stream.of(stop.err(), stop.out())).noneMatch(text -> text.contains("database"));
    }
}
