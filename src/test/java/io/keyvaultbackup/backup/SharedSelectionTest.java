package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Pods that share a night and were told different selections, as where the ConfigMap was changed in between. Different lists of vaults are in {@code SharedNightTest}
 * and {@code SharedDiscoveryTest}.
 */
@Timeout(300)
class SharedSelectionTest extends SharedVaultsTest {

    @BeforeEach
    void prepareDatabase() {
        var _ = usePostgres();
    }

    private static List<EmulatedVault> vaultsWithAKey(int number) {
        List<EmulatedVault> vaults = vaults(number);
        vaults.forEach(one -> one.key("signing"));
        return vaults;
    }

    private static Map<String, Long> outcomesAt(JsonNode summary) {
        Map<String, Long> outcomes = new TreeMap<>();
        summary.path("outcomes").forEachEntry((outcome, count) -> outcomes.put(outcome, count.asLong()));
        return outcomes;
    }

    @Test
    void eachVaultIsBackedUpOnceByTheSelectionOfTheProcessThatTookIt() throws Exception {
        // given
        List<EmulatedVault> vaults = vaultsWithAKey(8);
        CountDownLatch bothAtWork = new CountDownLatch(4);
        vaults.forEach(
                one -> one.faults().on(Operation.BACKUP, "secret").times(1).before(() -> {
                    bothAtWork.countDown();
                    await(bothAtWork);
                }));

        // when
        CompletableFuture<Bench.Result> running = atTheSameTime(vaults, "--kind", "secret");
        Bench.Result all = backUp(vaults);
        Bench.Result secrets = running.get();

        // then
        assertEnds(0, secrets);
        assertEnds(0, all);
        assertThat(launched(secrets)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(launched(all)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(secrets.lines("summary"))
                .allSatisfy(summary -> assertThat(outcomesAt(summary)).isEqualTo(Map.of("BACKED_UP", (long) SECRETS)));
        assertThat(all.lines("summary"))
                .allSatisfy(summary -> assertThat(outcomesAt(summary)).isEqualTo(Map.of("BACKED_UP", SECRETS + 1L)));
        assertThat(vaults)
                .allSatisfy(one -> assertThat(one.requests().count(Operation.BACKUP))
                        .isEqualTo(launched(all).contains(one.uri().toString()) ? SECRETS + 1 : SECRETS));
    }

    @Test
    void aVaultBelongsToTheSelectionThatBeganItAndTheOthersSayThatTheirsIsAnother() {
        // given a vault that is left incomplete by a process that backs up secrets alone
        List<EmulatedVault> vaults = vaultsWithAKey(4);
        EmulatedVault begun = vaults.get(1);
        begun.faults().on(Operation.BACKUP, "secret", "app000001").times(1).forbid("ForbiddenByRbac");
        assertEnds(3, backUp(vaults, "--kind", "secret"));
        long calls = begun.requests().total();

        // when one comes that backs up everything
        Bench.Result other = backUp(vaults);

        // then it is refused that vault, without a call to it, and the three that are done count as done
        assertEnds(3, other);
        assertThat(launched(other)).isEmpty();
        assertThat(other.lines("error"))
                .singleElement()
                .satisfies(error -> assertThat(error.path("message").asString())
                        .contains("was started with another selection")
                        .contains("Relaunch it with the same kinds and filters"));
        JsonNode together = other.lines("vaults").getFirst();
        assertThat(together.path("not_done").get(0).path("exit_code").asInt()).isEqualTo(2);
        assertThat(together.path("not_done").get(0).path("vault").asString())
                .isEqualTo(begun.uri().toString());
        assertThat(together.path("ended_elsewhere").asInt()).isEqualTo(3);
        assertThat(begun.requests().total()).isEqualTo(calls);

        // and the next of the first ones finishes it
        Bench.Result again = backUp(vaults, "--kind", "secret");
        assertEnds(0, again);
        assertThat(launched(again)).containsExactly(begun.uri().toString());
        assertThat(vaults)
                .allSatisfy(one -> assertThat(one.requests().count(Operation.BACKUP, "key"))
                        .isZero());

        // and by then the others have nothing to say any more
        assertEnds(0, backUp(vaults));
    }

    @Test
    void whereAllWereBegunByAnotherSelectionItIsAWrongConfiguration() {
        // given
        List<EmulatedVault> vaults = vaultsWithAKey(2);
        vaults.forEach(one -> one.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac"));
        assertEnds(3, backUp(vaults, "--exclude", "secret/app000002"));

        // when, then
        assertEnds(2, backUp(vaults));
        assertEnds(2, backUp(vaults, "--exclude", "secret/app000000"));
        assertEnds(0, backUp(vaults, "--exclude", "secret/app000002"));
    }
}
