package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.Operation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.batch.core.job.DefaultJobKeyGenerator;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;

/**
 * What Spring Batch refuses to restart is restarted: seed 719357785 of the fault schedules dropped the database's connections while
 * a step's end was being recorded, after which no relaunch began any more.
 */
class LeftExecutionTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @ParameterizedTest
    @CsvSource({"UNKNOWN, UNKNOWN", "FAILED, UNKNOWN", "FAILED, STARTED", "UNKNOWN, FAILED", "STARTED, STARTED"})
    void aRunWhoseLastWordTheDatabaseDidNotHearIsFinishedByItsRelaunch(String job, String step) {
        // given an execution that ended, and of which the database knows no end
        bench.with(FastTime.class);
        vault.secrets("app", 12);
        vault.faults().on(Operation.BACKUP, "secret", "app000007").times(1).forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        bench.jdbc()
                .sql("UPDATE BATCH_JOB_EXECUTION SET END_TIME = NULL, STATUS = ?")
                .param(job)
                .update();
        bench.jdbc()
                .sql("UPDATE BATCH_STEP_EXECUTION SET END_TIME = NULL, STATUS = ? WHERE STEP_NAME = 'backup'")
                .param(step)
                .update();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 12L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(13);
        Agreement.of(bench, vault, NIGHT).assertHolds();
    }

    /** Seed 1996052070: the connections were dropped between the two. */
    @Test
    void aRunOfWhichSpringBatchHasTheInstanceAndNoExecutionIsBegunByItsRelaunch() {
        // given
        vault.secrets("app", 3);
        assertThat(bench.run("runs").exitCode()).isZero();
        bench.jdbc()
                .sql(
                        "INSERT INTO BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY) VALUES (7, 0, 'backup', ?)")
                .param(new DefaultJobKeyGenerator()
                        .generateKey(new JobParametersBuilder()
                                .addString("vault", vault.uri().toString())
                                .addString("scheduledFor", NIGHT)
                                .toJobParameters()))
                .update();

        // when
        Bench.Result run = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        Agreement.of(bench, vault, NIGHT).assertHolds();
    }
}
