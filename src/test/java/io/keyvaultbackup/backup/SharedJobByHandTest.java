package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A Job of the fleet that somebody made by hand: its name tells no time, and its pods share the vaults of one run all the same. */
@Timeout(300)
class SharedJobByHandTest extends SharedVaultsTest {

    private static final String UID = "3c0d7a54-8f0e-4a51-b1f5-6a4be1c2d903";
    private static final String OTHER_UID = "9d2f1b6e-27c4-4f0a-8d11-0a5c7e3b4f62";

    @BeforeEach
    void tellTime() {
        var _ = usePostgres();
        bench.with(HoursApart.class);
    }

    private Bench.Result pod(String uid, List<EmulatedVault> vaults) {
        List<String> arguments =
                new ArrayList<>(List.of("backup", "--json", "--shared", "--job", "by-hand", "--job-uid", uid));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", one.uri().toString())));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static Set<String> times(Stream<Bench.Result> ended) {
        return ended.flatMap(result -> result.lines("summary").stream())
                .map(summary -> summary.path("scheduled_for").asString())
                .collect(Collectors.toSet());
    }

    @Test
    void podsOfOneJobThatBeginTogetherShareItsVaults() throws Exception {
        // given eight vaults, and two pods, whose clocks are hours apart, each of which has two before any is done
        List<EmulatedVault> vaults = vaults(8);
        CountDownLatch bothAtWork = new CountDownLatch(4);
        vaults.forEach(one -> one.faults().on(Operation.BACKUP).times(1).before(() -> {
            bothAtWork.countDown();
            await(bothAtWork);
        }));

        // when
        CompletableFuture<Bench.Result> running = atTheSameTime(() -> pod(UID, vaults));
        Bench.Result second = pod(UID, vaults);
        Bench.Result first = running.get();

        // then
        assertEnds(0, first);
        assertEnds(0, second);
        assertThat(times(Stream.of(first, second))).hasSize(1);
        assertThat(Stream.concat(launched(first).stream(), launched(second).stream()))
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(launched(first)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(launched(second)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));

        // and a pod of it that comes late has nothing to do
        Bench.Result late = pod(UID, vaults);
        assertEnds(0, late);
        assertThat(launched(late)).isEmpty();
        assertThat(late.lines("vaults").getFirst().path("ended_elsewhere").asInt())
                .isEqualTo(8);
    }

    @Test
    void podsOfTwoJobsOfOneNameShareNothing() {
        List<EmulatedVault> vaults = vaults(3);

        Bench.Result first = pod(UID, vaults);
        Bench.Result second = pod(OTHER_UID, vaults);

        assertEnds(0, first);
        assertEnds(0, second);
        assertThat(launched(first)).containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(launched(second)).containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(times(Stream.of(first, second))).hasSize(2);
    }

    @Test
    void whatOnePodLeftUndoneIsOpenedByTheNextOfTheJob() {
        // given
        List<EmulatedVault> vaults = vaults(3);
        vaults.get(1)
                .faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac");
        Bench.Result first = pod(UID, vaults);
        assertEnds(3, first);

        // when
        Bench.Result next = pod(UID, vaults);

        // then
        assertEnds(0, next);
        assertThat(launched(next)).containsExactly(vaults.get(1).uri().toString());
        assertThat(times(Stream.of(first, next))).hasSize(1);
        assertThat(vaults.get(1).requests().count(Operation.BACKUP)).isEqualTo(SECRETS + 1);
    }

    /** The program's clock: an hour after that of the program before. */
    @TestConfiguration(proxyBeanMethods = false)
    static class HoursApart {

        private static final AtomicLong PROGRAMS = new AtomicLong();

        @Bean
        @Primary
        InstantSource laterClock() {
            Duration later = Duration.ofHours(PROGRAMS.incrementAndGet());
            return () -> Instant.now().plus(later);
        }
    }
}
