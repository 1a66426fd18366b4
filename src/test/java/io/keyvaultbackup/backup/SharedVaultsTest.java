package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.testservices.Postgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** What tests of several processes that share a night have in common. The processes are programs of one JVM. */
abstract class SharedVaultsTest extends EmulatedVaultTest {

    static final String NIGHT = "2026-11-24T03:00:00Z";
    static final int SECRETS = 3;

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class).set("keyvault-backup.store.lease", "10s").set("keyvault-backup.vaults-at-once", "2");
    }

    Postgres.Database usePostgres() {
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        return database;
    }

    static List<EmulatedVault> vaults(int number) {
        return vaults(number, SECRETS);
    }

    static List<EmulatedVault> vaults(int number, int secrets) {
        return IntStream.range(0, number)
                .mapToObj(vault -> {
                    EmulatedVault made = emulator.vault("team-" + vault);
                    made.secrets("app", secrets);
                    return made;
                })
                .toList();
    }

    Bench.Result backUp(List<EmulatedVault> vaults, String... more) {
        List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--shared", "--scheduled-for", NIGHT));
        vaults.forEach(one -> arguments.addAll(List.of("--vault", one.uri().toString())));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    static List<String> launched(Bench.Result result) {
        return result.lines("summary").stream()
                .map(summary -> summary.path("vault").asString())
                .toList();
    }

    static List<String> addresses(List<EmulatedVault> vaults) {
        return vaults.stream().map(vault -> vault.uri().toString()).toList();
    }

    static void assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    }

    CompletableFuture<Bench.Result> atTheSameTime(List<EmulatedVault> vaults, String... more) {
        return atTheSameTime(() -> backUp(vaults, more));
    }

    /** By a thread of its own: the pool that all share may have but one. */
    static CompletableFuture<Bench.Result> atTheSameTime(Supplier<Bench.Result> program) {
        return CompletableFuture.supplyAsync(
                program, running -> Thread.ofPlatform().start(running));
    }

    /** What the others are told of a vault: who has it. */
    String stateOf(EmulatedVault vault) {
        return bench.jdbc()
                .sql("SELECT state || COALESCE(' ' || exit_code, '') FROM fleet_vault WHERE vault_uri = ?")
                .param(vault.uri().toString())
                .query(String.class)
                .single();
    }

    /** Nobody waits for the time that a claim lasts. */
    void letTheClaimEnd(EmulatedVault vault) {
        bench.jdbc()
                .sql(
                        "UPDATE fleet_vault SET taken_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE vault_uri = ? AND taken_until IS NOT NULL")
                .param(vault.uri().toString())
                .update();
    }

    /** The same, as long as it is this process's. */
    void letTheClaimEnd(EmulatedVault vault, String process) {
        bench.jdbc()
                .sql(
                        "UPDATE fleet_vault SET taken_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE vault_uri = ? AND process_id = ? AND taken_until IS NOT NULL")
                .params(vault.uri().toString(), process)
                .update();
    }

    String processOf(EmulatedVault vault) {
        return bench.jdbc()
                .sql("SELECT process_id FROM fleet_vault WHERE vault_uri = ?")
                .param(vault.uri().toString())
                .query(String.class)
                .single();
    }

    /** Each look is a statement as well, so that this keeps no core to itself. */
    static void awaitThat(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
