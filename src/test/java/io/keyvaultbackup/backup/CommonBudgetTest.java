package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.Pacer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
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
    private static final String ONE = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String OTHER = "1b1f6471-1bf0-4dda-aec3-cb9272f09590";

    @BeforeEach
    void keepTheBudgets() {
        KeptBudgets.all.clear();
        bench.with(KeptBudgets.class).set("keyvault-backup.budget", String.valueOf(BUDGET));
    }

    /** What the vaults counted, each call by the service's weights. */
    private static long cost(List<EmulatedVault> vaults) {
        return Math.round(
                vaults.stream().mapToDouble(vault -> vault.requests().cost()).sum());
    }

    private static void assertSpent(long units) {
        assertSpent(Map.of("", units));
    }

    private static void assertSpent(Map<String, Long> units) {
        Map<String, Pacer.Usage> usages = new TreeMap<>();
        KeptBudgets.all.forEach(budgets -> usages.putAll(budgets.usages()));
        assertThat(usages.values())
                .allSatisfy(usage -> assertThat(usage.budget().units()).isEqualTo(5 * BUDGET));
        Map<String, Long> spent = new TreeMap<>();
        usages.forEach((place, usage) -> spent.put(place, usage.spent()));
        assertThat(spent).isEqualTo(units);
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

    private void place(List<EmulatedVault> vaults, int number, String subscription, String geography) {
        String vault = "keyvault-backup.fleet.vaults[" + number + "].";
        bench.set(vault + "name", vaults.get(number).uri().toString())
                .set(vault + "subscription", subscription)
                .set(vault + "geography", geography);
    }

    @Test
    void vaultsOfAnotherSubscriptionOrGeographyHaveAnotherBudget() {
        List<EmulatedVault> vaults = vaults(5);
        place(vaults, 0, ONE, "Europe");
        place(vaults, 1, ONE.toUpperCase(Locale.ROOT), "europe");
        place(vaults, 2, ONE, "Norway");
        place(vaults, 3, OTHER, "Europe");
        place(vaults, 4, OTHER, "Europe");

        assertEnds(0, run(vaults, "backup", "--json"));

        assertSpent(Map.of(
                ONE + " europe", cost(vaults.subList(0, 2)),
                ONE + " norway", cost(vaults.subList(2, 3)),
                OTHER + " europe", cost(vaults.subList(3, 5))));
    }

    private List<EmulatedVault> vaultsOfTwoSubscriptions() {
        List<EmulatedVault> vaults = vaults(3);
        place(vaults, 0, ONE, "Europe");
        place(vaults, 1, OTHER, "Europe");
        place(vaults, 2, OTHER, "Europe");
        return vaults;
    }

    private static void assertSpentOfTwoSubscriptions(List<EmulatedVault> vaults) {
        assertSpent(Map.of(
                ONE + " europe", cost(vaults.subList(0, 1)),
                OTHER + " europe", cost(vaults.subList(1, 3))));
    }

    @Test
    void aNightThatIsSharedDividesThemToo() {
        var _ = usePostgres();
        List<EmulatedVault> vaults = vaultsOfTwoSubscriptions();

        assertEnds(0, backUp(vaults));

        assertSpentOfTwoSubscriptions(vaults);
    }

    @Test
    void aRetryAndADryRunDivideThemToo() {
        // given
        List<EmulatedVault> vaults = vaultsOfTwoSubscriptions();
        vaults.forEach(vault -> vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac"));
        assertThat(run(vaults, "backup", "--json").exitCode()).isNotZero();

        for (List<String> verb : List.of(List.of("retry", "--json"), List.of("backup", "--json", "--dry-run"))) {
            vaults.forEach(vault -> vault.requests().reset());
            KeptBudgets.all.clear();

            // when
            assertEnds(0, run(vaults, verb.toArray(String[]::new)));

            // then
            assertThat(cost(vaults)).isPositive();
            assertSpentOfTwoSubscriptions(vaults);
        }
    }

    @Test
    void whereOneVaultMayBeAnywhereAllSpendOfOneBudget() {
        List<EmulatedVault> vaults = vaults(3);
        place(vaults, 0, ONE, "Europe");
        place(vaults, 1, OTHER, "Europe");

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
        KeptBudgets.all.clear();

        // when
        assertEnds(0, backUp(vaults));

        // then
        assertSpent(2 * cost(vaults));
    }

    /** Keeps those that programs make. */
    @TestConfiguration(proxyBeanMethods = false)
    static class KeptBudgets {

        static final Queue<CommonBudgets> all = new ConcurrentLinkedQueue<>();

        @Bean
        static BeanPostProcessor keeper() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof CommonBudgets budgets) {
                        all.add(budgets);
                    }
                    return bean;
                }
            };
        }
    }
}
