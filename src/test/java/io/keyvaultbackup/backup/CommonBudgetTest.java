package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.pacing.SubscriptionPacer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * One budget above those of the vaults: what a process spends at any of them it spends of that one, too. How it is kept is in {@code PacerTest}; here it is counted
 * what the whole program charges to it, against what the vaults saw.
 */
@Timeout(300)
class CommonBudgetTest extends SharedVaultsTest {

    private static final int BUDGET = 4_000;

    @BeforeEach
    void keepThePacers() {
        KeptPacers.all.clear();
        bench.with(KeptPacers.class).set("keyvault-backup.budget", String.valueOf(BUDGET));
    }

    /** What the vaults counted, each call by the service's weights. */
    private static long cost(List<EmulatedVault> vaults) {
        return Math.round(
                vaults.stream().mapToDouble(vault -> vault.requests().cost()).sum());
    }

    private static void assertSpent(long units) {
        assertThat(KeptPacers.all)
                .as("one for all vaults of the process")
                .singleElement()
                .satisfies(pacer -> {
                    assertThat(pacer.usage().budget().units()).isEqualTo(5 * BUDGET);
                    assertThat(pacer.usage().spent()).isEqualTo(units);
                });
    }

    private Bench.Result run(List<EmulatedVault> vaults, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        vaults.forEach(vault -> all.addAll(List.of("--vault", vault.uri().toString())));
        return bench.run(all.toArray(String[]::new));
    }

    @Test
    void whatAllVaultsOfAProcessCostIsSpentOfOneBudgetOfFiveTimesAVaults() {
        List<EmulatedVault> vaults = vaults(6);
        vaults.getLast().certificate("site"); // whose listing and backup cost more than one

        assertEnds(0, run(vaults, "backup", "--json"));

        assertThat(cost(vaults)).isGreaterThan(6 * SECRETS);
        assertSpent(cost(vaults));
    }

    @Test
    void aDryRunSpendsOfItToo() {
        List<EmulatedVault> vaults = vaults(6);

        assertEnds(0, run(vaults, "backup", "--json", "--dry-run"));

        assertSpent(cost(vaults));
    }

    @Test
    void aVaultsOwnBudgetChangesNothingOfIt() {
        List<EmulatedVault> vaults = vaults(2);
        bench.set(
                        "keyvault-backup.fleet.vaults[0].name",
                        vaults.getFirst().uri().toString())
                .set("keyvault-backup.fleet.vaults[0].budget", "100");

        assertEnds(0, run(vaults, "backup", "--json"));

        assertSpent(cost(vaults));
    }

    @Test
    void ofProcessesThatShareEachIsChargedForTheOthersToo() {
        // given another process at work, of whatever night
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaults(6);
        assertThat(bench.run("runs").exitCode()).isZero();
        bench.jdbc()
                .sql("INSERT INTO fleet_vault (scheduled_for, vault_uri, weight, state, process_id, taken_until) VALUES"
                        + " (TIMESTAMP WITH TIME ZONE '2026-11-24 04:00:00+00', 'https://another.vault.azure.net', 1, 'TAKEN',"
                        + " 'another', CURRENT_TIMESTAMP + INTERVAL '1' HOUR)")
                .update();
        KeptPacers.all.clear();

        // when
        assertEnds(0, backUp(vaults));

        // then
        assertSpent(2 * cost(vaults));
    }

    /** Keeps those that programs make. */
    @TestConfiguration(proxyBeanMethods = false)
    static class KeptPacers {

        static final Queue<SubscriptionPacer> all = new ConcurrentLinkedQueue<>();

        @Bean
        static BeanPostProcessor keeper() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof SubscriptionPacer pacer) {
                        all.add(pacer);
                    }
                    return bean;
                }
            };
        }
    }
}
