package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of runs and vaults that lists and pages are made of, in both databases alike. */
abstract class SummariesContract extends VaultClaimsContract {

    private static final AtomicInteger VAULTS = new AtomicInteger();
    private static final Instant FIRST = Instant.parse("2001-03-01T03:00:00Z");
    private static final List<RunStatus> ENDS =
            List.of(RunStatus.COMPLETE, RunStatus.COMPLETE, RunStatus.INCOMPLETE, RunStatus.FAILED, RunStatus.STOPPED);
    private static final List<FailureReason> REASONS =
            List.of(FailureReason.NETWORK, FailureReason.THROTTLED, FailureReason.TIMED_OUT);

    RunSummaries summaries;
    VaultSummaries vaults;
    VaultAddress vault;

    @BeforeEach
    void openTheSummaries() {
        summaries = context().getBean(RunSummaries.class);
        vaults = context().getBean(VaultSummaries.class);
        vault = newVault();
    }

    private static VaultAddress newVault() {
        return VaultAddress.parse("https://summed-" + VAULTS.incrementAndGet() + ".vault.azure.net");
    }

    RunRequest night(int number) {
        return new RunRequest(vault, FIRST.plus(Duration.ofDays(number)), Selection.everything());
    }

    /** A whole run of that night, that ended so. */
    RunRequest ended(int number, RunStatus status) {
        RunRequest run = night(number);
        runs.begin(run, 1, run.scheduledFor());
        end(run, 1, status);
        return run;
    }

    void end(RunRequest run, int execution, RunStatus status) {
        Instant started = run.scheduledFor().plusSeconds(execution * 100L);
        boolean sealed = status == RunStatus.COMPLETE || status == RunStatus.INCOMPLETE;
        runs.end(
                run.snapshot(),
                new RunRecord.Execution(
                        execution,
                        started,
                        started.plusSeconds(60),
                        status,
                        sealed ? "manifest " + execution : null,
                        sealed ? started.plusSeconds(30) : null,
                        1_000 + execution,
                        execution));
    }

    @Test
    void aRunsSummaryIsARecountOfItsObjectsAndAVaultsOfItsRuns() {
        // given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Integer> nights = IntStream.range(0, 36).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(nights, random);
        for (int number : nights) {
            RunRequest run = night(number);
            int executions = 1 + random.nextInt(3);
            for (int execution = 1; execution <= executions; execution++) {
                // when it begins
                runs.begin(run, execution, run.scheduledFor().plusSeconds(execution * 100L));
                assertIsARecount(run.snapshot(), seed);
                objects.retryFailed(run.snapshot());
                if (execution == 1) {
                    planAtRandom(run.snapshot(), random);
                }
                recordAtRandom(run.snapshot(), execution, random);
                if (number == 35 && execution == executions) {
                    break; // it is at work
                }

                // when it ends
                end(run, execution, ENDS.get(random.nextInt(ENDS.size())));
                assertIsARecount(run.snapshot(), seed);
            }
        }

        // then
        assertIsARecount(seed);
    }

    private void planAtRandom(SnapshotId run, Random random) {
        for (ObjectKind kind : ObjectKind.values()) {
            boolean failed = random.nextInt(6) == 0;
            objects.listed(
                    run,
                    new Listing(
                            kind, 5, failed ? failure(REASONS.get(random.nextInt(3)), "It did not answer.") : null));
            for (int object = random.nextInt(8); object > 0; object--) {
                Outcome outcome = List.of(Outcome.PENDING, Outcome.PENDING, Outcome.EXCLUDED, Outcome.UNCHANGED)
                        .get(random.nextInt(4));
                objects.plan(
                        run,
                        1,
                        List.of(new PlannedObject(object(new ObjectId(kind, "o" + object), false), outcome, READ_AT)));
            }
        }
    }

    private void recordAtRandom(SnapshotId run, int execution, Random random) {
        List<ObjectResult> results = new ArrayList<>();
        objects.forEach(run, row -> {
            if (row.result().outcome() == Outcome.PENDING) {
                ObjectId id = row.object().id();
                int versions = random.nextInt(20) == 0 ? 395 + random.nextInt(10) : random.nextInt(4);
                List<ObjectVersion> listed =
                        Collections.nCopies(versions, new ObjectVersion("01\"id\":", true, null, null));
                switch (random.nextInt(5)) {
                    case 0 ->
                        results.add(new ObjectResult(
                                id,
                                Outcome.FAILED,
                                1 + random.nextInt(4),
                                listed,
                                null,
                                failure(REASONS.get(random.nextInt(3)), "It said no.")));
                    case 1 -> results.add(new ObjectResult(id, Outcome.DELETED_DURING_RUN, 1, null, null, null));
                    case 2 -> {
                        // it stays as it is
                    }
                    default ->
                        results.add(new ObjectResult(
                                id,
                                Outcome.BACKED_UP,
                                1 + random.nextInt(3),
                                random.nextBoolean() ? listed : null,
                                new ObjectResult.Blob(
                                        "blob " + id, null, random.nextLong(1L << 40), "ab".repeat(32), READ_AT, null),
                                null));
                }
            }
        });
        objects.record(run, execution, results);
    }

    /** The same, counted here from every row. */
    private RunSummary recounted(SnapshotId id) {
        RunRecord run = runs.find(id).orElseThrow();
        List<LedgerObject> rows = new ArrayList<>();
        objects.forEach(id, rows::add);
        Map<ObjectKind, Map<Outcome, Long>> counts = new EnumMap<>(ObjectKind.class);
        rows.forEach(row -> counts.computeIfAbsent(
                        row.object().id().kind(), first -> new EnumMap<Outcome, Long>(Outcome.class))
                .merge(row.result().outcome(), 1L, Long::sum));
        Map<FailureReason, Long> reasons = new HashMap<>();
        Stream.concat(
                        objects.listings(id).stream().map(Listing::failure),
                        rows.stream().map(row -> row.result().failure()))
                .filter(Objects::nonNull)
                .map(Failure::reason)
                .forEach(reason -> reasons.merge(reason, 1L, Long::sum));
        List<Integer> versions = rows.stream()
                .map(row -> row.result().versions())
                .filter(Objects::nonNull)
                .map(List::size)
                .toList();
        List<RunRecord.Execution> executions = run.executions();
        RunRecord.@Nullable Execution sealed = executions.stream()
                .filter(execution -> execution.manifest() != null)
                .reduce((before, after) -> after)
                .orElse(null);
        return new RunSummary(
                id,
                run.request().vault(),
                run.request().scheduledFor(),
                run.status(),
                executions.size(),
                executions.getFirst().startedAt(),
                run.status() == RunStatus.RUNNING ? null : run.latest().endedAt(),
                sealed == null ? null : sealed.manifest(),
                sealed == null ? null : sealed.consistentAsOf(),
                executions.stream().mapToLong(RunRecord.Execution::unitsSpent).sum(),
                executions.stream().mapToLong(RunRecord.Execution::throttles).sum(),
                counts,
                bytes(rows, Outcome.BACKED_UP, Outcome.UNCHANGED),
                bytes(rows, Outcome.BACKED_UP),
                versions.stream().max(Comparator.naturalOrder()).orElse(null),
                (int) versions.stream().filter(count -> count >= 400).count(),
                rows.stream()
                        .mapToLong(row -> Math.max(0, row.result().attempts() - 1))
                        .sum(),
                reasons,
                true);
    }

    private static long bytes(List<LedgerObject> rows, Outcome... outcomes) {
        return rows.stream()
                .map(LedgerObject::result)
                .filter(result -> List.of(outcomes).contains(result.outcome()))
                .map(ObjectResult::blob)
                .filter(Objects::nonNull)
                .mapToLong(ObjectResult.Blob::size)
                .sum();
    }

    private void assertIsARecount(SnapshotId run, long seed) {
        RunSummary summary = summaries.find(run).orElseThrow();
        assertThat(summary).as("seed %d", seed).isEqualTo(recounted(run));
        Map<Outcome, Long> columns = new EnumMap<>(Outcome.class);
        context()
                .getBean(JdbcClient.class)
                .sql("SELECT * FROM ledger_summary WHERE snapshot_id = ?")
                .param(run.value())
                .query(row -> {
                    columns.put(Outcome.BACKED_UP, row.getLong("backed_up"));
                    columns.put(Outcome.UNCHANGED, row.getLong("unchanged"));
                    columns.put(Outcome.COVERED_BY_CERTIFICATE, row.getLong("covered"));
                    columns.put(Outcome.EXCLUDED, row.getLong("excluded"));
                    columns.put(Outcome.DELETED_DURING_RUN, row.getLong("deleted"));
                    columns.put(Outcome.FAILED, row.getLong("failed"));
                    columns.put(Outcome.PENDING, row.getLong("pending"));
                    assertThat(row.getLong("objects"))
                            .isEqualTo(columns.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum());
                });
        columns.values().removeIf(count -> count == 0);
        assertThat(columns).as("seed %d", seed).isEqualTo(summary.outcomes());
    }

    /** What the vault's row says, counted here from its runs. */
    private void assertIsARecount(long seed) {
        VaultSummary told = vaults.find(vault).orElseThrow();
        List<RunSummary> all = summaries.ofVault(vault, null, 1_000);
        assertThat(all)
                .as("seed %d", seed)
                .extracting(RunSummary::scheduledFor)
                .isSortedAccordingTo(Comparator.reverseOrder());
        List<RunSummary> ended =
                all.stream().filter(run -> run.status() != RunStatus.RUNNING).toList();
        @Nullable
        RunSummary complete = all.stream()
                .filter(run -> run.status() == RunStatus.COMPLETE)
                .findFirst()
                .orElse(null);
        RunSummary newest = all.getFirst();
        @Nullable RunSummary counted = ended.isEmpty() ? null : ended.getFirst();
        @Nullable
        RunSummary versions = ended.stream()
                .filter(run -> run.mostVersions() != null)
                .findFirst()
                .orElse(null);
        assertThat(told)
                .as("seed %d", seed)
                .isEqualTo(new VaultSummary(
                        vault,
                        new VaultSummary.Latest(newest.snapshot(), newest.scheduledFor(), newest.status()),
                        all.stream().limit(30).map(RunSummary::status).toList().reversed(),
                        complete == null
                                ? null
                                : new VaultSummary.Complete(
                                        complete.snapshot(),
                                        complete.scheduledFor(),
                                        complete.startedAt(),
                                        complete.endedAt(),
                                        complete.consistentAsOf()),
                        ended.stream()
                                .filter(run -> run.status() != RunStatus.COMPLETE)
                                .map(RunSummary::scheduledFor)
                                .filter(time -> complete == null || time.isAfter(complete.scheduledFor()))
                                .min(Comparator.naturalOrder())
                                .orElse(null),
                        counted == null
                                ? null
                                : new VaultSummary.Counted(counted.snapshot(), counted.objects(), counted.reasons()),
                        versions == null ? null : versions.mostVersions(),
                        versions == null ? 0 : versions.nearLimit(),
                        told.verified(),
                        told.drilled(),
                        told.changedAt()));
    }

    @Test
    void toCountAgainChangesNothing() {
        // given
        RunRequest run = ended(1, RunStatus.COMPLETE);
        RunSummary before = summaries.find(run.snapshot()).orElseThrow();

        // when
        summaries.refresh(run.snapshot());
        summaries.refresh(new SnapshotId("20261124T030000Z-never0"));

        // then
        assertThat(summaries.find(run.snapshot())).contains(before);
        assertIsARecount(0);
    }

    @Test
    void rowsThatAreLostOrOldComeBackWithTheVaultsNextRun() {
        // given
        List<RunRequest> known =
                List.of(ended(1, RunStatus.COMPLETE), ended(2, RunStatus.FAILED), ended(3, RunStatus.INCOMPLETE));
        List<RunSummary> before = summaries.ofVault(vault, null, 10);
        JdbcClient jdbc = context().getBean(JdbcClient.class);
        jdbc.sql("DELETE FROM ledger_vault WHERE vault_uri = ?")
                .param(vault.toString())
                .update();
        jdbc.sql("DELETE FROM ledger_summary WHERE snapshot_id = ?")
                .param(known.get(0).snapshot().value())
                .update();
        jdbc.sql("UPDATE ledger_summary SET status = 'RUNNING', ended_at = NULL WHERE snapshot_id = ?")
                .param(known.get(1).snapshot().value())
                .update();

        // when
        RunRequest next = night(4);
        runs.begin(next, 1, next.scheduledFor());

        // then
        List<RunSummary> after = summaries.ofVault(vault, null, 10);
        assertThat(after.subList(1, 4)).isEqualTo(before);
        assertThat(vaults.find(vault).orElseThrow().strip())
                .containsExactly(RunStatus.COMPLETE, RunStatus.FAILED, RunStatus.INCOMPLETE, RunStatus.RUNNING);
        assertIsARecount(0);
    }

    @Test
    void runsAreReadPageByPageAndEachOnceWhateverBeginsMeanwhile() {
        // given
        IntStream.range(0, 25).forEach(number -> ended(number, RunStatus.COMPLETE));
        VaultAddress other = vault;
        vault = newVault();
        IntStream.range(0, 25).forEach(number -> ended(number, RunStatus.INCOMPLETE)); // at the same times
        List<VaultAddress> both = List.of(vault, other);
        List<SnapshotId> all = summaries.matching(both, null, null, 1_000).stream()
                .map(RunSummary::snapshot)
                .toList();

        // when
        List<SnapshotId> read = new ArrayList<>();
        int begun = 0;
        RunSummaries.@Nullable Position behind = null;
        List<RunSummary> page;
        do {
            page = summaries.matching(both, null, behind, 7);
            page.forEach(run -> read.add(run.snapshot()));
            behind = page.isEmpty() ? behind : RunSummaries.Position.of(page.getLast());
            ended(100 + begun, RunStatus.COMPLETE);
            begun++;
        } while (!page.isEmpty());

        // then
        assertThat(read).hasSize(50).isEqualTo(all).doesNotHaveDuplicates();
        assertThat(summaries.ofVault(other, null, 1_000))
                .hasSize(25)
                .allMatch(run -> run.vault().equals(other));
        assertThat(summaries.matching(List.of(), null, null, 10)).isEmpty();
        assertThat(wholeFleet()).containsAll(read).doesNotHaveDuplicates();
    }

    private List<SnapshotId> wholeFleet() {
        List<SnapshotId> read = new ArrayList<>();
        List<RunSummary> page = summaries.matching(null, null, null, 50);
        while (!page.isEmpty()) {
            page.forEach(run -> read.add(run.snapshot()));
            page = summaries.matching(null, null, RunSummaries.Position.of(page.getLast()), 50);
        }
        return read;
    }

    @Test
    void whateverIsWrittenOfAVaultAtTheSameTimeIsInItsRow() throws Exception {
        // given runs that end side by side, as only processes with different stores have them
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 60; round++) {
                List<RunRequest> begun = IntStream.range(3 * round, 3 * round + 3)
                        .mapToObj(this::night)
                        .toList();
                begun.forEach(run -> runs.begin(run, 1, run.scheduledFor()));
                CyclicBarrier together = new CyclicBarrier(begun.size());

                // when
                for (Future<?> done : threads.invokeAll(begun.stream()
                        .map(run -> (Callable<Object>) () -> {
                            together.await();
                            end(run, 1, RunStatus.COMPLETE);
                            return run;
                        })
                        .collect(Collectors.toList()))) {
                    done.get();
                }

                // then
                assertThat(vaults.find(vault).orElseThrow().strip())
                        .as("round %d", round)
                        .isEqualTo(Collections.nCopies(Math.min(30, 3 * round + 3), RunStatus.COMPLETE));
            }
        }
        assertIsARecount(0);
        assertThat(vaults.all()).extracting(VaultSummary::vault).contains(vault).doesNotHaveDuplicates();
    }

    @Test
    void aVaultsNewestExaminationAndDrillAreInItsRowAndTheOthersAreListed() {
        // given
        VerificationLedger verifications = context().getBean(VerificationLedger.class);
        RestoreLedger restores = context().getBean(RestoreLedger.class);
        VaultChecks checks = context().getBean(VaultChecks.class);
        String manifest = vault.storeName() + "/manifests/20010301T030000Z-abcdef.1.json";
        String subject = "ab".repeat(32);

        // when a first one found damage, of a vault of which this database knows no run
        String first = verifications.begin(subject, manifest, 1, 1, STARTED);
        verifications.told(first, new VerificationLedger.Told(STARTED.plusSeconds(5), 5, 3, 1, 20, 10));

        // then
        VaultSummary told = vaults.find(vault).orElseThrow();
        assertThat(told.verified()).isEqualTo(new VaultSummary.Verified(STARTED.plusSeconds(5), manifest, 3, 1));
        assertThat(told.latest()).isNull();
        assertThat(told.strip()).isEmpty();

        // when it has ended, another is at work, a drill ended, one is at work, and a restore ended
        verifications.end(first);
        String second = verifications.begin(subject, manifest, 2, 3, STARTED.plusSeconds(60));
        restores.begin(restore("drill-1", true), 1, STARTED);
        restores.end("of " + vault.hashCode() + "drill-1", "FAILED", "the report", STARTED.plusSeconds(30));
        restores.begin(restore("drill-2", true), 1, STARTED.plusSeconds(60));
        restores.begin(restore("restore", false), 1, STARTED.plusSeconds(90));
        restores.end("of " + vault.hashCode() + "restore", "COMPLETE", null, STARTED.plusSeconds(99));

        // then
        VaultSummary then = vaults.find(vault).orElseThrow();
        assertThat(then.verified()).isEqualTo(told.verified());
        assertThat(then.drilled()).isEqualTo(new VaultSummary.Drilled(STARTED.plusSeconds(30), "a snapshot", "FAILED"));
        assertThat(checks.verifications(vault, 10))
                .containsExactly(
                        new VaultChecks.Verification(second, manifest, 2, 3, STARTED.plusSeconds(60), null, false),
                        new VaultChecks.Verification(
                                first,
                                manifest,
                                1,
                                1,
                                STARTED,
                                new VaultChecks.Result(STARTED.plusSeconds(5), 5, 3, 1, 20L, 10L),
                                true));
        assertThat(checks.verifications(vault, 1)).hasSize(1);
        assertThat(checks.drills(vault, 10))
                .extracting(VaultChecks.Drill::id, VaultChecks.Drill::status, VaultChecks.Drill::report)
                .containsExactly(
                        tuple("of " + vault.hashCode() + "drill-2", null, null),
                        tuple("of " + vault.hashCode() + "drill-1", "FAILED", "the report"));
        assertThat(checks.drills(newVault(), 10)).isEmpty();
    }

    private RestoreLedger.Begun restore(String id, boolean trial) {
        return new RestoreLedger.Begun(
                "of " + vault.hashCode() + id,
                "ab".repeat(32),
                vault.storeName(),
                "a snapshot",
                "its manifest",
                "a target",
                "all",
                trial);
    }
}
