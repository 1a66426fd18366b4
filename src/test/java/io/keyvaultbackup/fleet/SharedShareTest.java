package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.LedgerConfiguration;
import io.keyvaultbackup.ledger.VaultClaims;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a process of a shared night does beside its runs: it counts those that are at work with it, and keeps what it has. */
@Timeout(120)
class SharedShareTest {

    private static final Instant NIGHT = Instant.parse("2026-11-24T03:00:00Z");

    /** A renewal would be after 100 s. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final List<VaultAddress> VAULTS = List.of(
            VaultAddress.parse("https://team-a.vault.azure.net"), VaultAddress.parse("https://team-b.vault.azure.net"));

    private static ConfigurableApplicationContext context;

    private VaultClaims claims;
    private JdbcClient jdbc;

    @Configuration(proxyBeanMethods = false)
    @Import(LedgerConfiguration.class)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        TransactionAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class
    })
    static class OnlyTheLedger {}

    @BeforeAll
    static void start() {
        Postgres.Database database = Postgres.shared().newDatabase();
        SpringApplication application = new SpringApplication(OnlyTheLedger.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        context = application.run(
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password());
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void prepare() {
        claims = context.getBean(VaultClaims.class);
        jdbc = context.getBean(JdbcClient.class);
        jdbc.sql("DELETE FROM fleet_vault").update();
    }

    private SharedShare join(String process, List<VaultAddress> vaults, Duration lifetime, CommonBudgets budgets) {
        return SharedShare.join(claims, NIGHT, process, vaults, lifetime, budgets, new StopSignal());
    }

    private static CommonBudgets budgets() {
        return new CommonBudgets(new Budget(1_000), new TestStopwatch());
    }

    /** What one call at a vault costs of the budget that is for all. */
    private static long charge(CommonBudgets budgets) {
        long before = budgets.of(VAULTS.getFirst()).usage().spent();
        var _ = new PacedVault(
                        new EmptyVault(),
                        new Pacer(new Budget(1_000), new TestStopwatch(), budgets.of(VAULTS.getFirst())))
                .list(ObjectKind.SECRET, null);
        return budgets.of(VAULTS.getFirst()).usage().spent() - before;
    }

    /** Each look is a statement as well, so that this keeps no core to itself. */
    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            now();
        }
    }

    private Instant now() {
        return instant("SELECT CURRENT_TIMESTAMP AS moment");
    }

    private Instant instant(String statement) {
        return jdbc.sql(statement)
                .query((row, number) -> row.getTimestamp("moment").toInstant())
                .single();
    }

    @Test
    void processesThatBeginTogetherDivideTheCommonBudgetLongBeforeAnyRenewal() {
        // given two that both came before either had a vault
        CommonBudgets first = budgets();
        CommonBudgets second = budgets();
        try (SharedShare one = join("pod-1", VAULTS, LONG, first)) {
            try (SharedShare other = join("pod-2", VAULTS, LONG, second)) {

                // when
                assertThat(one.next()).isPresent();
                assertThat(charge(first)).isEqualTo(1);
                assertThat(other.next()).isPresent();

                // then the one that came last knows at once, and the first, which has no more to ask for, a little
                // later
                assertThat(charge(second)).isEqualTo(2);
                await("the first counts the second", () -> charge(first) == 2);
            }

            // and when the second has gone
            await("the first is alone", () -> charge(first) == 1);
        }
    }

    @Test
    void whatAProcessHasIsRenewedForAsLongAsItLives() {
        // given
        List<VaultAddress> vault = VAULTS.subList(0, 1);
        Duration lifetime = Duration.ofSeconds(3);
        try (SharedShare share = join("pod-1", vault, lifetime, budgets())) {
            assertThat(share.next()).isPresent();
            Instant end = instant("SELECT taken_until AS moment FROM fleet_vault");

            // when, then nobody gets it until long after it would have ended
            await("time passes", () -> {
                assertThat(claims.claim(NIGHT, "pod-2", vault, lifetime)).isEmpty();
                return now().isAfter(end.plusSeconds(2));
            });
        }

        // and then anybody does
        assertThat(claims.claim(NIGHT, "pod-2", vault, lifetime)).isPresent();
    }

    private static final class EmptyVault implements Vault {

        @Override
        public Page<VaultObject> list(ObjectKind kind, @Nullable String next) {
            return new Page<>(List.of(), null, null);
        }

        @Override
        public Page<ObjectVersion> versions(ObjectId id, @Nullable String next) {
            throw new UnsupportedOperationException("only listings are asked for here");
        }

        @Override
        public ProtectedBytes backup(ObjectId id, int timeouts, MemoryBudget memory) {
            throw new UnsupportedOperationException("only listings are asked for here");
        }
    }
}
