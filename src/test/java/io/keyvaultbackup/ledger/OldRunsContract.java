package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which runs of long ago are let go whole, and what goes with them, in both databases alike. */
abstract class OldRunsContract extends LedgerPruningContract {

    private static final Duration KEPT = Duration.ofDays(400);

    private OldRuns old;
    private JdbcClient jdbc;

    @BeforeEach
    void openTheOldRuns() {
        old = context().getBean(OldRuns.class);
        jdbc = context().getBean(JdbcClient.class);
    }

    private void letGo(VaultAddress of, Instant now) {
        old.letRunsGo(of, now);
        old.letExaminationsAndRestoresGo(of, now);
        old.letJobsGo(now);
    }

    /** The moment at which the runs of this night and those before are too old, and the next one is not. */
    private Instant whenOldIs(int number) {
        return night(number).scheduledFor().plus(KEPT).plus(Duration.ofHours(12));
    }

    private Set<SnapshotId> nights(int... numbers) {
        return new HashSet<>(IntStream.of(numbers)
                .mapToObj(number -> night(number).snapshot())
                .toList());
    }

    private Set<SnapshotId> known() {
        Set<SnapshotId> known = new HashSet<>();
        summaries.ofVault(vault, null, 1_000).forEach(run -> known.add(run.snapshot()));
        return known;
    }

    /** In how many rows of which tables of the ledger this is found. */
    private Map<String, Long> rowsOf(String column, String value) {
        Map<String, Long> rows = new TreeMap<>();
        jdbc.sql("SELECT LOWER(table_name) FROM information_schema.columns WHERE LOWER(column_name) = ?"
                        + " AND LOWER(table_name) LIKE 'ledger%' AND LOWER(table_name) <> 'ledger_vault'")
                .param(column)
                .query((row, number) -> row.getString(1))
                .list()
                .forEach(table -> rows.put(
                        table,
                        jdbc.sql("SELECT COUNT(*) FROM " + table + " WHERE " + column + " = ?")
                                .param(value)
                                .query((row, number) -> row.getLong(1))
                                .single()));
        return rows;
    }

    /** One with a row in each table that refers to a run. */
    private RunRequest fullRun(int number) {
        return fullRun(number, RunStatus.COMPLETE);
    }

    private RunRequest fullRun(int number, RunStatus status) {
        RunRequest run = night(number);
        runs.begin(run, 1, run.scheduledFor());
        List<PlannedObject> planned =
                List.of(new PlannedObject(object(secret("a"), false), Outcome.PENDING, run.scheduledFor()));
        objects.plan(run.snapshot(), 1, planned);
        objects.listed(run.snapshot(), new Listing(ObjectKind.SECRET, 1, null));
        context().getBean(ClosingListing.class).add(run.snapshot(), 1, planned);
        objects.record(run.snapshot(), 1, List.of(backedUp(secret("a"))));
        jdbc.sql("INSERT INTO ledger_former (snapshot_id, kind, name, managed, enabled, tags, outcome, execution)"
                        + " SELECT snapshot_id, kind, name, managed, enabled, tags, outcome, execution FROM ledger_object"
                        + " WHERE snapshot_id = ?")
                .param(run.snapshot().value())
                .update();
        RunMonitor.Progress progress = new RunMonitor.Progress(RunMonitor.Phase.BACKUP, 1, 1, 1, 0, (Pacer.Usage) null);
        RunProgressNotes notes = context().getBean(RunProgressNotes.class);
        notes.note(run.snapshot(), 1, "process", progress, run.scheduledFor());
        notes.point(run.snapshot(), 1, progress, run.scheduledFor());
        runs.note(
                run.snapshot(),
                1,
                List.of(new Incident("the run itself", failure(FailureReason.NETWORK, "It broke."))));
        end(run, 1, status);
        return run;
    }

    @Test
    void aRunOfLongAgoLeavesNoRowAndTheNextOneAllOfItsOwn() {
        // given
        RunRequest first = fullRun(0);
        RunRequest second = fullRun(1);
        ended(2, RunStatus.COMPLETE);
        assertThat(rowsOf("snapshot_id", first.snapshot().value()))
                .containsKeys("ledger_object", "ledger_rate", "ledger_run")
                .hasSizeGreaterThanOrEqualTo(11)
                .allSatisfy(
                        (table, rows) -> assertThat(rows).as(table).isEqualTo(table.equals("ledger_restore") ? 0 : 1));

        // when
        letGo(vault, whenOldIs(0));

        // then
        assertThat(rowsOf("snapshot_id", first.snapshot().value()).values()).containsOnly(0L);
        assertThat(rowsOf("snapshot_id", second.snapshot().value()))
                .allSatisfy(
                        (table, rows) -> assertThat(rows).as(table).isEqualTo(table.equals("ledger_restore") ? 0 : 1));
        assertThat(known()).isEqualTo(nights(1, 2));
        assertThat(vaults.find(vault).orElseThrow().strip()).hasSize(2);
    }

    @Test
    void theNewestCompleteRunStaysWithAllThatCameAfterAndWhatIsAtWorkToo() {
        // given
        List<RunStatus> ends = List.of(
                RunStatus.INCOMPLETE,
                RunStatus.COMPLETE,
                RunStatus.RUNNING,
                RunStatus.STOPPED,
                RunStatus.COMPLETE,
                RunStatus.FAILED,
                RunStatus.INCOMPLETE);
        for (int number = 0; number < ends.size(); number++) {
            if (ends.get(number) == RunStatus.RUNNING) {
                runs.begin(night(number), 1, night(number).scheduledFor());
            } else {
                ended(number, ends.get(number));
            }
        }
        VaultSummary before = vaults.find(vault).orElseThrow();

        // when
        letGo(vault, whenOldIs(100));

        // then
        assertThat(known()).isEqualTo(nights(2, 4, 5, 6));
        VaultSummary after = vaults.find(vault).orElseThrow();
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("changedAt", "strip")
                .isEqualTo(before);
        assertThat(after.failingSince()).isEqualTo(night(5).scheduledFor());
    }

    @Test
    void aNightOfLongAgoThatWasFinishedLatelyIsNotOld() {
        // given
        RunRequest first = ended(0, RunStatus.INCOMPLETE);
        ended(1, RunStatus.COMPLETE);
        Instant now = whenOldIs(1);
        runs.begin(first, 2, now.minusSeconds(100));
        runs.end(
                first.snapshot(),
                new RunRecord.Execution(
                        2, now.minusSeconds(100), now.minusSeconds(50), RunStatus.COMPLETE, "manifest 2", null, 1, 0));

        // when, then
        letGo(vault, now);
        assertThat(known()).isEqualTo(nights(0, 1));
        letGo(vault, now.plus(KEPT));
        assertThat(known()).isEqualTo(nights(1));
    }

    @Test
    void whatYearsHaveLeftIsLetGoLittleByLittleAndOfOtherVaultsNothing() {
        // given
        SnapshotId ofAnother = ended(0, RunStatus.COMPLETE).snapshot();
        ended(1, RunStatus.COMPLETE);
        openTheSummaries();
        IntStream.range(0, 14).forEach(number -> ended(number, RunStatus.COMPLETE));

        // when, then
        letGo(vault, whenOldIs(100));
        assertThat(known()).isEqualTo(nights(10, 11, 12, 13));
        letGo(vault, whenOldIs(100));
        assertThat(known()).isEqualTo(nights(13));
        assertThat(summaries.find(ofAnother)).isPresent();
    }

    @Test
    void ofExaminationsAndRestoresOfLongAgoTheLastStay() {
        // given
        ended(0, RunStatus.COMPLETE);
        VerificationLedger examinations = context().getBean(VerificationLedger.class);
        RestoreLedger restores = context().getBean(RestoreLedger.class);
        List<String> examined = new ArrayList<>();
        List<String> restored = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            Instant at = night(number).scheduledFor();
            String id = examinations.begin("ab".repeat(32), vault.storeName() + "/manifests/m.json", 1, 1, at);
            examinations.record(
                    id,
                    List.of("a", "b"),
                    List.of(new VerificationLedger.Finding("COPY_DAMAGED", "a", "It is damaged.")),
                    at);
            if (number < 3) { // the last one never ended
                examinations.told(id, new VerificationLedger.Told(at, 1, 1, 0, 2, 2));
            }
            examined.add(id);
            boolean trial = number % 2 == 0;
            String restore = UUID.randomUUID().toString();
            restores.begin(
                    new RestoreLedger.Begun(
                            restore,
                            "cd".repeat(32),
                            vault.storeName(),
                            "snapshot",
                            "manifest",
                            "target",
                            "all",
                            trial),
                    1,
                    at);
            jdbc.sql(
                            "INSERT INTO ledger_restore_object (restore_id, kind, name, managed, enabled, tags, outcome, deviations)"
                                    + " VALUES (?, 'SECRET', 'a', FALSE, TRUE, '{}', 'RESTORED', '[]')")
                    .param(restore)
                    .update();
            restores.end(restore, "DONE", null, at);
            restored.add(restore);
        }
        String unfinished = UUID.randomUUID().toString();
        restores.begin(
                new RestoreLedger.Begun(
                        unfinished, "ef".repeat(32), vault.storeName(), "snapshot", "manifest", "target", "all", false),
                1,
                night(0).scheduledFor());
        VaultSummary before = vaults.find(vault).orElseThrow();

        // when
        letGo(vault, whenOldIs(0));

        // then
        assertThat(gone("verification_id", examined)).containsExactly(true, false, false, false);
        assertThat(gone("restore_id", restored)).containsExactly(true, false, false, false);

        // when
        letGo(vault, whenOldIs(100));

        // then
        assertThat(gone("verification_id", examined)).containsExactly(true, true, false, true);
        assertThat(gone("restore_id", restored)).containsExactly(true, true, false, false);
        assertThat(gone("restore_id", List.of(unfinished))).containsExactly(false);
        vaults.refresh(vault);
        assertThat(vaults.find(vault).orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("changedAt")
                .isEqualTo(before);
    }

    private List<Boolean> gone(String column, List<String> ids) {
        return ids.stream()
                .map(id -> rowsOf(column, id).values().stream().allMatch(rows -> rows == 0))
                .toList();
    }

    @Test
    void springBatchsRecordsGoByTheirAgeUnlessALaterExecutionIsAmongThem() {
        // given
        Instant now = whenOldIs(0);
        long longAgo =
                job("backup", now.minus(KEPT).minusSeconds(60), now.minus(KEPT).minusSeconds(1));
        long relaunched =
                job("backup", now.minus(KEPT).minusSeconds(60), now.minus(KEPT).plusSeconds(1));
        long forgetting = job("forget", now.minus(KEPT).minusSeconds(30));
        long lately = job("verify", now.minus(KEPT).plusSeconds(1));

        // when
        letGo(vault, now);

        // then
        for (long id : List.of(longAgo, forgetting)) {
            assertThat(rowsOfJob(id)).containsOnly(0L);
        }
        assertThat(rowsOfJob(relaunched)).containsExactly(1L, 2L, 2L, 2L, 2L, 2L);
        assertThat(rowsOfJob(lately)).containsExactly(1L, 1L, 1L, 1L, 1L, 1L);

        // and many of them little by little
        for (int number = 0; number < 40; number++) {
            job("forget", now.minus(KEPT).minusSeconds(number + 2));
        }
        long before = instances();
        letGo(vault, now);
        assertThat(instances()).isEqualTo(before - 30);
        letGo(vault, now);
        assertThat(instances()).isEqualTo(before - 40);
    }

    @Test
    void aJobThatSomebodyHasLockedIsPassedOver() throws SQLException {
        // given
        Instant now = whenOldIs(0);
        long locked = job("backup", now.minus(KEPT).minusSeconds(60));
        long free = job("backup", now.minus(KEPT).minusSeconds(30));
        try (Connection another = context().getBean(DataSource.class).getConnection()) {
            another.setAutoCommit(false);
            try (Statement lock = another.createStatement()) {
                lock.executeQuery("SELECT 1 FROM BATCH_JOB_INSTANCE WHERE JOB_INSTANCE_ID = " + locked + " FOR UPDATE");

                // when
                letGo(vault, now);
            }
            another.rollback();
        }

        // then
        assertThat(rowsOfJob(free)).containsOnly(0L);
        assertThat(rowsOfJob(locked)).containsExactly(1L, 1L, 1L, 1L, 1L, 1L);
        letGo(vault, now);
        assertThat(rowsOfJob(locked)).containsOnly(0L);
    }

    @Test
    void plansThatNobodyFinishedSinceLongAgoAreLetGoAndTheRunsStay() {
        // given a vault that never was complete
        RunRequest first = fullRun(0, RunStatus.INCOMPLETE);
        RunRequest second = fullRun(1, RunStatus.INCOMPLETE);
        RunRequest third = fullRun(2, RunStatus.FAILED);
        LedgerPruning pruning = context().getBean(LedgerPruning.class);

        // when
        pruning.letOldPlansGo(vault, whenOldIs(0));
        letGo(vault, whenOldIs(0));

        // then
        assertThat(objects(first)).isZero();
        assertThat(objects(second)).isEqualTo(1);
        assertThat(known()).isEqualTo(nights(0, 1, 2));

        // when all are old, the latest stays
        pruning.letOldPlansGo(vault, whenOldIs(100));
        letGo(vault, whenOldIs(100));

        // then
        assertThat(objects(second)).isZero();
        assertThat(objects(third)).isEqualTo(1);
        assertThat(known()).isEqualTo(nights(0, 1, 2));
        assertThat(summaries.find(first.snapshot()).orElseThrow().outcomes()).isEqualTo(Map.of(Outcome.BACKED_UP, 1L));
    }

    private long objects(RunRequest run) {
        return rowsOf("snapshot_id", run.snapshot().value()).getOrDefault("ledger_object", 99L);
    }

    private long instances() {
        return jdbc.sql("SELECT COUNT(*) FROM BATCH_JOB_INSTANCE")
                .query((row, number) -> row.getLong(1))
                .single();
    }

    /** An instance, and for each time an execution with all that Spring Batch writes of one. */
    private long job(String name, Instant... created) {
        long instance = next("BATCH_JOB_INSTANCE_SEQ");
        jdbc.sql("INSERT INTO BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY) VALUES (?, 0, ?, ?)")
                .params(instance, name, UUID.randomUUID().toString().replace("-", ""))
                .update();
        for (Instant time : created) {
            long execution = next("BATCH_JOB_EXECUTION_SEQ");
            long step = next("BATCH_STEP_EXECUTION_SEQ");
            LocalDateTime at = LocalDateTime.ofInstant(time, ZoneId.systemDefault());
            jdbc.sql(
                            "INSERT INTO BATCH_JOB_EXECUTION (JOB_EXECUTION_ID, JOB_INSTANCE_ID, CREATE_TIME) VALUES (?, ?, ?)")
                    .params(execution, instance, at)
                    .update();
            jdbc.sql("INSERT INTO BATCH_JOB_EXECUTION_PARAMS VALUES (?, 'vault', 'java.lang.String', 'v', 'Y')")
                    .param(execution)
                    .update();
            jdbc.sql("INSERT INTO BATCH_JOB_EXECUTION_CONTEXT VALUES (?, '{}', NULL)")
                    .param(execution)
                    .update();
            jdbc.sql(
                            "INSERT INTO BATCH_STEP_EXECUTION (STEP_EXECUTION_ID, VERSION, STEP_NAME, JOB_EXECUTION_ID, CREATE_TIME)"
                                    + " VALUES (?, 0, 'inventory', ?, ?)")
                    .params(step, execution, at)
                    .update();
            jdbc.sql("INSERT INTO BATCH_STEP_EXECUTION_CONTEXT VALUES (?, '{}', NULL)")
                    .param(step)
                    .update();
        }
        return instance;
    }

    private long next(String sequence) {
        return jdbc.sql("SELECT NEXTVAL('" + sequence + "')")
                .query((row, number) -> row.getLong(1))
                .single();
    }

    private List<Long> rowsOfJob(long instance) {
        String executions =
                " JOB_EXECUTION_ID IN (SELECT JOB_EXECUTION_ID FROM BATCH_JOB_EXECUTION WHERE JOB_INSTANCE_ID = ?)";
        return List.of(
                        "BATCH_JOB_INSTANCE WHERE JOB_INSTANCE_ID = ?",
                        "BATCH_JOB_EXECUTION WHERE JOB_INSTANCE_ID = ?",
                        "BATCH_JOB_EXECUTION_PARAMS WHERE" + executions,
                        "BATCH_JOB_EXECUTION_CONTEXT WHERE" + executions,
                        "BATCH_STEP_EXECUTION WHERE" + executions,
                        "BATCH_STEP_EXECUTION_CONTEXT WHERE STEP_EXECUTION_ID IN (SELECT STEP_EXECUTION_ID FROM"
                                + " BATCH_STEP_EXECUTION WHERE" + executions + ")")
                .stream()
                .map(rows -> jdbc.sql("SELECT COUNT(*) FROM " + rows)
                        .param(instance)
                        .query((row, number) -> row.getLong(1))
                        .single())
                .toList();
    }
}
