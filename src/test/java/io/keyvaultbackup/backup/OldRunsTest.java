package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.util.FileSystemUtils;

/** Nights of more than a year ago that the job database has let go whole: what of them is still told and done. */
@ExtendWith(OutputCaptureExtension.class)
class OldRunsTest extends EmulatedVaultTest {

    private static final AtomicReference<Duration> AGO = new AtomicReference<>(Duration.ZERO);

    /** The program's calendar, which can be set back. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Calendar {

        @Bean
        @Primary
        InstantSource calendar() {
            return () -> Instant.now().minus(AGO.get());
        }
    }

    @BeforeEach
    void prepare() {
        bench.with(Calendar.class);
        vault.secrets("app", 3);
    }

    @AfterEach
    void today() {
        AGO.set(Duration.ZERO);
    }

    /** A night so many days ago, begun and ended then. */
    private Bench.Result night(int daysAgo) {
        AGO.set(Duration.ofDays(daysAgo));
        Bench.Result night = bench.backUp(
                vault,
                "--scheduled-for",
                Instant.now()
                        .truncatedTo(ChronoUnit.DAYS)
                        .minus(Duration.ofDays(daysAgo))
                        .toString());
        assertThat(night.exitCode()).as(night.out() + night.err()).isZero();
        // Spring Batch knows no time but the machine's
        bench.jdbc()
                .sql("UPDATE BATCH_JOB_EXECUTION SET CREATE_TIME = ?"
                        + " WHERE CREATE_TIME > CURRENT_TIMESTAMP - INTERVAL '1' DAY")
                .param(LocalDateTime.now(ZoneId.systemDefault()).minusDays(daysAgo))
                .update();
        return night;
    }

    private static String run(Bench.Result night) {
        return night.summary().path("snapshot").asString();
    }

    private long jobs() {
        return bench.jdbc()
                .sql("SELECT COUNT(*) FROM BATCH_JOB_INSTANCE")
                .query((row, number) -> row.getLong(1))
                .single();
    }

    @Test
    void aNightOfLongAgoIsNotKnownAnyMoreAndIsStillCompleteByTheStore() {
        // given
        Bench.Result old = night(402);
        Bench.Result kept = night(300);
        assertThat(jobs()).isEqualTo(2);
        Bench.Result newest = night(0);
        String store = old.summary().path("manifest").asString();

        // then
        assertThat(jobs()).isEqualTo(2);
        assertThat(bench.run("runs", "--json").lines("run"))
                .extracting(one -> one.path("run").asString())
                .containsExactly(run(newest), run(kept));
        Bench.Result asked = bench.run("runs", run(old));
        assertThat(asked.exitCode()).isEqualTo(10);
        assertThat(asked.err()).contains("keyvault-backup.ledger.keep-runs", "keyvault-backup snapshots");
        assertThat(bench.run("snapshots").out()).contains(run(old));
        Bench.Result content = bench.run("ls", run(old));
        assertThat(content.exitCode()).as(content.err()).isZero();
        assertThat(content.out()).contains("secret/app000001");
        vault.requests().reset();

        // when
        Bench.Result again = night(402);

        // then
        assertThat(again.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(again.summary().path("manifest").asString()).isEqualTo(store);
        assertThat(again.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void aRunThatIsNotCompleteLetsThoseOfLongAgoGoToo() {
        // given
        Bench.Result old = night(402);
        Bench.Result kept = night(300);
        AGO.set(Duration.ZERO);
        vault.faults().on(Operation.BACKUP, "secret").times(1).forbid("ForbiddenByRbac");

        // when
        Bench.Result incomplete = bench.backUp(vault, "--full");

        // then
        assertThat(incomplete.exitCode()).as(incomplete.err()).isEqualTo(3);
        assertThat(bench.run("runs", run(old)).exitCode()).isEqualTo(10);
        assertThat(bench.run("runs", run(kept)).exitCode()).isZero();
        assertThat(jobs()).isEqualTo(2);
    }

    /** The ledger and Spring Batch's records are let go at different paces. */
    @Test
    void whatTheLedgerAndTheStoreDoNotKnowIsNotCompleteByABatchRecordAlone() throws IOException {
        // given
        Bench.Result old = night(402);
        List.of(
                        "ledger_object",
                        "ledger_closing",
                        "ledger_former",
                        "ledger_listing",
                        "ledger_incident",
                        "ledger_progress",
                        "ledger_rate",
                        "ledger_execution",
                        "ledger_summary",
                        "ledger_run")
                .forEach(table -> bench.jdbc().sql("DELETE FROM " + table).update());
        FileSystemUtils.deleteRecursively(bench.store());
        assertThat(jobs()).isEqualTo(1);

        // when
        Bench.Result again = night(402);

        // then
        assertThat(run(again)).isEqualTo(run(old));
        assertThat(again.summary().path("already_complete").asBoolean()).isFalse();
        assertThat(again.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
    }

    @Test
    void aRunIsCompleteAlsoWhereThoseOfLongAgoCanNotBeLetGo(CapturedOutput process) {
        // given
        Bench.Result old = night(402);
        bench.jdbc()
                .sql("CREATE TABLE held (snapshot_id VARCHAR(40) REFERENCES ledger_run)")
                .update();
        bench.jdbc().sql("INSERT INTO held VALUES (?)").param(run(old)).update();

        // when
        night(1);

        // then
        assertThat(process.getErr()).contains("Runs of long ago of " + vault.uri() + " are still in the job database");
        Bench.Result whole = bench.run("runs", run(old), "--json");
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        assertThat(whole.lines("object")).hasSize(3);

        // when they can be
        bench.jdbc().sql("DROP TABLE held").update();
        night(0);

        // then
        assertThat(bench.run("runs", run(old)).exitCode()).isEqualTo(10);
    }

    @Test
    void toKeepRunsForLessThanAMonthIsRefused() {
        // given
        bench.set("keyvault-backup.ledger.keep-runs", "30d");

        // when
        Bench.Result refused = bench.backUp(vault);

        // then
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out() + refused.err())
                .contains("keyvault-backup.ledger.keep-runs: PT720H is not between 31 days and 100 years");
        assertThat(vault.requests().total()).isZero();
    }
}
