package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who works on which vault, in both databases alike. */
abstract class VaultClaimsContract extends ReusedCopiesContract {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final AtomicInteger NIGHTS = new AtomicInteger();

    private final Instant night = Instant.parse("2026-11-01T03:00:00Z").plusSeconds(NIGHTS.incrementAndGet());
    private VaultClaims claims;

    @BeforeEach
    void openTheClaims() {
        claims = context().getBean(VaultClaims.class);
        context().getBean(JdbcClient.class).sql("DELETE FROM fleet_vault").update(); // each test is alone
    }

    private static VaultAddress vault(String name) {
        return VaultAddress.parse("https://" + name + ".vault.azure.net");
    }

    private Optional<VaultAddress> claim(String process, List<VaultAddress> vaults) {
        return claims.claim(night, process, vaults, LONG).map(VaultClaims.Claim::vault);
    }

    private void lasted(VaultAddress vault, Instant scheduledFor, Duration time, RunStatus status) {
        lasted(vault, scheduledFor, time, status, "its manifest");
    }

    private void lasted(
            VaultAddress vault, Instant scheduledFor, Duration time, RunStatus status, @Nullable String manifest) {
        RunRequest run = new RunRequest(
                vault, scheduledFor, new Selection(EnumSet.allOf(ObjectKind.class), List.of(), List.of()));
        runs.begin(run, 1, scheduledFor);
        runs.end(
                run.snapshot(),
                new RunRecord.Execution(1, scheduledFor, scheduledFor.plus(time), status, manifest, null, 0, 0));
    }

    /** A hundred that do not answer would else keep all others waiting, for the minutes that it takes to find that out of each. */
    @Test
    void aVaultOfWhichNothingCameTheLastTimeIsHandedOutLast() {
        // given one that said nothing for an hour, and one that said nothing until it was launched again
        String of = "silent" + NIGHTS.get() + "-";
        List<VaultAddress> vaults = List.of(vault(of + "silent"), vault(of + "small"), vault(of + "late"));
        Instant before = night.minusSeconds(86_400);
        lasted(vaults.get(0), before, Duration.ofMinutes(60), RunStatus.INCOMPLETE, null);
        lasted(vaults.get(1), before, Duration.ofSeconds(2), RunStatus.COMPLETE);
        lasted(vaults.get(2), before, Duration.ofMinutes(60), RunStatus.INCOMPLETE, null);
        again(vaults.get(2), before, Duration.ofMinutes(1));

        // when
        claims.join(night, vaults);

        // then
        assertThat(List.of(
                        claim("pod-1", vaults).orElseThrow(),
                        claim("pod-1", vaults).orElseThrow(),
                        claim("pod-1", vaults).orElseThrow()))
                .containsExactly(vaults.get(2), vaults.get(1), vaults.get(0));
    }

    private void again(VaultAddress vault, Instant scheduledFor, Duration time) {
        RunRequest run = new RunRequest(
                vault, scheduledFor, new Selection(EnumSet.allOf(ObjectKind.class), List.of(), List.of()));
        runs.begin(run, 2, scheduledFor);
        runs.end(
                run.snapshot(),
                new RunRecord.Execution(
                        2, scheduledFor, scheduledFor.plus(time), RunStatus.COMPLETE, "its manifest", null, 0, 0));
    }

    @Test
    void theLargestVaultIsHandedOutFirstAndOneNobodyKnowsBeforeIt() {
        // given
        String of = "weight" + NIGHTS.get() + "-";
        List<VaultAddress> vaults =
                List.of(vault(of + "small"), vault(of + "large"), vault(of + "new"), vault(of + "left"));
        lasted(vaults.get(0), night.minusSeconds(86_400), Duration.ofMinutes(2), RunStatus.COMPLETE);
        lasted(vaults.get(0), night.minusSeconds(2 * 86_400), Duration.ofMinutes(90), RunStatus.COMPLETE);
        lasted(vaults.get(1), night.minusSeconds(86_400), Duration.ofMinutes(60), RunStatus.INCOMPLETE);
        lasted(vaults.get(3), night.minusSeconds(86_400), Duration.ofDays(2), RunStatus.ABANDONED);

        // when
        claims.join(night, vaults);

        // then what was left lying tells nothing
        assertThat(List.of(
                        claim("pod-1", vaults).orElseThrow(),
                        claim("pod-1", vaults).orElseThrow(),
                        claim("pod-1", vaults).orElseThrow(),
                        claim("pod-1", vaults).orElseThrow()))
                .containsExactly(vaults.get(3), vaults.get(2), vaults.get(1), vaults.get(0));
        assertThat(claim("pod-1", vaults)).isEmpty();
    }

    @Test
    void manyWhoClaimAtTheSameMomentGetEachVaultOnce() throws InterruptedException {
        // given
        List<VaultAddress> vaults = IntStream.range(0, 40)
                .mapToObj(number -> vault("at-once-" + number))
                .toList();
        Queue<VaultAddress> given = new ConcurrentLinkedQueue<>();
        List<Thread> processes = new ArrayList<>();

        // when
        for (int number = 0; number < 8; number++) {
            String process = "pod-" + number;
            processes.add(Thread.ofPlatform().start(() -> {
                claims.join(night, vaults);
                while (claims.open(night, vaults) > 0) {
                    claim(process, vaults).ifPresent(vault -> {
                        given.add(vault);
                        claims.end(night, process, vault, 0);
                    });
                }
            }));
        }
        for (Thread process : processes) {
            process.join();
        }

        // then
        assertThat(given).containsExactlyInAnyOrderElementsOf(vaults);
    }

    @Test
    void whatAProcessDidNotRenewIsAnothersAndNoMoreItsOwn() {
        // given
        List<VaultAddress> vaults = List.of(vault("renewed"));
        claims.join(night, vaults);
        claims.join(night, vaults);
        assertThat(claims.claim(night, "pod-1", vaults, Duration.ofMillis(-1)))
                .hasValueSatisfying(claim -> assertThat(claim.takenOver()).isFalse());

        // when
        assertThat(claims.claim(night, "pod-2", vaults, LONG))
                .hasValueSatisfying(claim -> assertThat(claim.takenOver()).isTrue());
        claims.renew(night, "pod-1", LONG);
        claims.end(night, "pod-1", vaults.getFirst(), 0);
        claims.giveBack(night, "pod-1", vaults.getFirst());
        claims.putOff(night, "pod-1", vaults.getFirst());
        claims.leave(night, "pod-1");

        // then
        assertThat(claim("pod-1", vaults)).isEmpty();
        assertThat(claims.open(night, vaults)).isEqualTo(1);
        claims.end(night, "pod-2", vaults.getFirst(), 3);
        assertThat(claims.open(night, vaults)).isZero();
        assertThat(claims.endedElsewhere(night, "pod-2", vaults)).isEmpty();
        assertThat(claims.endedElsewhere(night, "pod-1", vaults)).isEqualTo(Map.of(vaults.getFirst(), 3));
    }

    @Test
    void whatIsRenewedStaysWithWhoHasIt() {
        // given
        List<VaultAddress> vaults = List.of(vault("kept"));
        claims.join(night, vaults);
        assertThat(claims.claim(night, "pod-1", vaults, Duration.ofMillis(-1))).isPresent();

        // when
        claims.renew(night, "pod-1", LONG);

        // then
        assertThat(claim("pod-2", vaults)).isEmpty();
    }

    @Test
    void whatIsGivenBackIsAnybodysAtOnceAndWhatIsPutOffLaterAsOneThatWasHad() {
        // given
        List<VaultAddress> vaults = List.of(vault("given-back"));
        claims.join(night, vaults);
        claims.claim(night, "pod-1", vaults, LONG);

        // when given back
        claims.giveBack(night, "pod-1", vaults.getFirst());

        // then
        assertThat(claims.claim(night, "pod-2", vaults, LONG))
                .hasValueSatisfying(claim -> assertThat(claim.takenOver()).isFalse());

        // and when put off
        claims.putOff(night, "pod-2", vaults.getFirst());
        assertThat(claim("pod-1", vaults)).isEmpty();
        context()
                .getBean(JdbcClient.class)
                .sql("UPDATE fleet_vault SET taken_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE vault_uri = ?")
                .param(vaults.getFirst().toString())
                .update();
        assertThat(claims.claim(night, "pod-1", vaults, LONG))
                .hasValueSatisfying(claim -> assertThat(claim.takenOver()).isTrue());

        // and when who has it leaves
        claims.leave(night, "pod-1");
        assertThat(claim("pod-2", vaults)).isPresent();
    }

    @Test
    void whoComesLaterOpensWhatDidNotEndWellAndNothingElse() {
        // given
        List<VaultAddress> vaults = List.of(vault("well"), vault("not-well"), vault("at-work"));
        claims.join(night, vaults);
        vaults.forEach(vault -> claims.claim(night, "pod-1", vaults, LONG));
        claims.end(night, "pod-1", vaults.get(0), 0);
        claims.end(night, "pod-1", vaults.get(1), 5);

        // when
        claims.join(night, vaults);

        // then
        assertThat(claims.open(night, vaults)).isEqualTo(2);
        assertThat(claims.endedElsewhere(night, "pod-2", vaults)).isEqualTo(Map.of(vaults.get(0), 0));
        assertThat(claim("pod-2", vaults)).hasValue(vaults.get(1));
        assertThat(claim("pod-2", vaults)).isEmpty();
    }

    @Test
    void processesWithDifferentListsShareWhatBothName() {
        // given
        VaultAddress both = vault("in-both");
        List<VaultAddress> one = List.of(vault("of-one"), both);
        List<VaultAddress> other = List.of(both, vault("of-other"));
        claims.join(night, one);
        claims.join(night, other);

        // when
        List<VaultAddress> first =
                List.of(claim("pod-1", one).orElseThrow(), claim("pod-1", one).orElseThrow());

        // then
        assertThat(first).containsExactlyInAnyOrderElementsOf(one);
        assertThat(claim("pod-1", one)).isEmpty();
        assertThat(claim("pod-2", other)).hasValue(other.get(1));
        assertThat(claim("pod-2", other)).isEmpty();
        assertThat(claims.open(night, other)).isEqualTo(2);
    }

    @Test
    void theProcessesAtWorkAreCountedWhateverNightTheyWorkOn() {
        // given
        List<VaultAddress> vaults = List.of(vault("counted-1"), vault("counted-2"), vault("counted-3"));
        claims.join(night, vaults);
        claims.join(night.plusSeconds(86_400), vaults);
        assertThat(claims.processes()).isEqualTo(1);

        // when
        claims.claim(night, "pod-1", vaults, LONG);
        claims.claim(night, "pod-1", vaults, LONG);
        claims.claim(night, "dead", vaults, Duration.ofMillis(-1));
        claims.claim(night.plusSeconds(86_400), "pod-2", vaults, LONG);

        // then
        assertThat(claims.processes()).isEqualTo(2);
        claims.leave(night.plusSeconds(86_400), "pod-2");
        assertThat(claims.processes()).isEqualTo(1);
    }

    @Test
    void nightsOfLongAgoAreForgottenUnlessSomebodyWorksOnThem() {
        // given
        List<VaultAddress> vaults = List.of(vault("long-ago"));
        Instant old = Instant.parse("2020-01-01T03:00:00Z").plusSeconds(NIGHTS.get());
        Instant worked = old.plusSeconds(86_400);
        claims.join(old, vaults);
        claims.join(worked, vaults);
        claims.claim(worked, "at-work", vaults, LONG);

        // when
        claims.join(night, vaults);

        // then
        assertThat(claims.open(old, vaults)).isZero();
        assertThat(claims.open(worked, vaults)).isEqualTo(1);
        assertThat(claims.open(night, vaults)).isEqualTo(1);
    }
}
