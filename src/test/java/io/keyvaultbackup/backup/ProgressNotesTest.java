package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How far a run is can be read in the job database while it is at work; that this can not be noted is no matter of the run's. */
@ExtendWith(OutputCaptureExtension.class)
class ProgressNotesTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration ASKED_AGAIN = Duration.ofMillis(20);

    private record Row(
            int execution,
            String processId,
            String phase,
            long listed,
            long done,
            long failed,
            long total,
            long spent,
            long budget,
            long throttles) {}

    private List<Row> noted() {
        return bench.jdbc()
                .sql("SELECT * FROM ledger_progress")
                .query((row, number) -> new Row(
                        row.getInt("execution"),
                        row.getString("process_id"),
                        row.getString("phase"),
                        row.getLong("listed"),
                        row.getLong("done"),
                        row.getLong("failed"),
                        row.getLong("total"),
                        row.getLong("spent"),
                        row.getLong("budget"),
                        row.getLong("throttles")))
                .list();
    }

    @Test
    void whoeverLooksOnSeesHowFarARunIsAndAtLastWhatItCameTo() {
        // given a run that stands still after 40 objects, one of which failed, until somebody has seen that
        bench.onDatabase(Postgres.shared().newDatabase())
                .set("keyvault-backup.threads", "1")
                .set("keyvault-backup.chunk", "1");
        vault.secrets("app", 60);
        vault.faults().on(Operation.BACKUP, "secret", "app000003").always().answer(403);
        List<Row> seen = new CopyOnWriteArrayList<>();
        vault.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(() -> seen.add(awaitDone(39)));

        // when
        Bench.Result run = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(seen).singleElement().satisfies(row -> {
            assertThat(row)
                    .usingRecursiveComparison()
                    .ignoringFields("done", "spent", "processId")
                    .isEqualTo(new Row(1, "", "BACKUP", 60, 0, 1, 60, 0, 4000, 0));
            assertThat(row.done()).isBetween(39L, 41L);
            assertThat(row.spent()).isPositive();
            assertThat(row.processId())
                    .contains("process " + ProcessHandle.current().pid());
        });

        // and
        assertThat(run.exitCode()).as(run.out() + run.err()).isNotZero();
        assertThat(noted())
                .singleElement()
                .usingRecursiveComparison()
                .ignoringFields("processId", "listed")
                .isEqualTo(new Row(
                        1,
                        "",
                        "SEAL",
                        0,
                        60,
                        1,
                        60,
                        run.summary().path("units_spent").asLong(),
                        4000,
                        0));
        assertThat(bench.jdbc()
                        .sql("SELECT done FROM ledger_rate ORDER BY noted_at")
                        .query(Long.class)
                        .list())
                .hasSizeGreaterThanOrEqualTo(2)
                .isSorted()
                .endsWith(60L);
    }

    private Row awaitDone(long objects) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            for (Row row : noted()) {
                if (row.done() >= objects) {
                    return row;
                }
            }
            LockSupport.parkNanos(ASKED_AGAIN.toNanos());
        }
        throw new AssertionError("nobody noted that " + objects + " objects are done: " + noted());
    }

    @Test
    void anotherExecutionOfTheRunGoesOnInItsRow() {
        vault.secrets("app", 5);
        vault.faults().on(Operation.BACKUP, "secret", "app000003").times(1).answer(403);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isNotZero();

        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();

        assertThat(noted()).singleElement().satisfies(row -> {
            assertThat(row.execution()).isEqualTo(2);
            assertThat(row.done()).isEqualTo(1);
            assertThat(row.failed()).isZero();
        });
    }

    @Test
    void thatItCanNotBeNotedIsLoggedOnceAndTheRunGoesOn(CapturedOutput process) {
        // given a table that is gone after the first call
        bench.onDatabase(Postgres.shared().newDatabase()).set("keyvault-backup.threads", "1");
        vault.secrets("app", 5);
        vault.faults()
                .on(Operation.BACKUP)
                .times(1)
                .before(() -> bench.jdbc()
                        .sql("ALTER TABLE ledger_progress RENAME TO gone")
                        .update());
        vault.faults()
                .on(Operation.BACKUP)
                .skip(2)
                .times(1)
                .before(() -> awaitText(process, "could not be noted in the job database"));

        // when
        Bench.Result run = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(process.getAll())
                .containsOnlyOnce("could not be noted in the job database")
                .contains("the run goes on")
                .doesNotContain("Exception", "\tat ");
    }

    private static void awaitText(CapturedOutput process, String text) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!process.getAll().contains(text)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not said: " + text);
            }
            LockSupport.parkNanos(ASKED_AGAIN.toNanos());
        }
    }

    @Test
    void aRunWaitsForNoNoteThatTheDatabaseDoesNotTake() throws SQLException {
        // given a table that somebody has locked until the run has ended
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 60);
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            connection.setAutoCommit(false);
            JdbcClient lock = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            vault.faults()
                    .on(Operation.LIST, "secret")
                    .times(1)
                    .before(() -> lock.sql("LOCK TABLE ledger_progress IN ACCESS EXCLUSIVE MODE")
                            .update());

            // when
            CompletableFuture<Bench.Result> ending =
                    CompletableFuture.supplyAsync(() -> bench.backUp(vault, "--scheduled-for", NIGHT));

            // then
            assertThat(ending).succeedsWithin(LONGEST).satisfies(run -> {
                assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
                assertThat(run.outcomes()).isEqualTo(Map.of("BACKED_UP", 60L));
            });
            connection.rollback();
        }
    }
}
