package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which rows of objects are let go, and what stays of them, in both databases alike. */
abstract class LedgerPruningContract extends ObjectPagesContract {

    private LedgerPruning pruning;
    private JdbcClient jdbc;

    @BeforeEach
    void openThePruning() {
        pruning = context().getBean(LedgerPruning.class);
        jdbc = context().getBean(JdbcClient.class);
    }

    /** A run of that night with three objects, one of which it has not copied unless it is complete. */
    private SnapshotId runOf(int number, RunStatus status) {
        RunRequest run = night(number);
        runs.begin(run, 1, run.scheduledFor());
        List<PlannedObject> planned = IntStream.range(0, 3)
                .mapToObj(object -> new PlannedObject(object(secret("o" + object), false), Outcome.PENDING, READ_AT))
                .toList();
        objects.plan(run.snapshot(), 1, planned);
        objects.listed(run.snapshot(), new Listing(ObjectKind.SECRET, 3, null));
        context().getBean(ClosingListing.class).add(run.snapshot(), 1, planned);
        objects.record(
                run.snapshot(),
                1,
                List.of(
                        backedUp(secret("o0")),
                        backedUp(secret("o1")),
                        status == RunStatus.COMPLETE
                                ? backedUp(secret("o2"))
                                : failed(secret("o2"), FailureReason.NETWORK)));
        if (status != RunStatus.RUNNING) {
            end(run, 1, status);
        }
        return run.snapshot();
    }

    private long rowsIn(String table, SnapshotId run) {
        return jdbc.sql("SELECT COUNT(*) FROM " + table + " WHERE snapshot_id = ?")
                .param(run.value())
                .query(Long.class)
                .single();
    }

    private Set<SnapshotId> kept() {
        return summaries.ofVault(vault, null, 1_000).stream()
                .filter(RunSummary::objectsKept)
                .map(RunSummary::snapshot)
                .collect(Collectors.toSet());
    }

    @Test
    void theObjectsOfOlderCompleteRunsAreLetGoAndTheirNumbersStay() {
        // given
        List<SnapshotId> nights = new ArrayList<>();
        for (RunStatus status : List.of(
                RunStatus.COMPLETE,
                RunStatus.INCOMPLETE,
                RunStatus.COMPLETE,
                RunStatus.STOPPED,
                RunStatus.COMPLETE,
                RunStatus.FAILED,
                RunStatus.COMPLETE,
                RunStatus.RUNNING)) {
            nights.add(runOf(nights.size(), status));
        }
        List<SnapshotId> old = List.of(nights.get(0), nights.get(2));
        Map<SnapshotId, RunSummary> before = new HashMap<>();
        nights.forEach(run -> before.put(run, summaries.find(run).orElseThrow()));
        VaultSummary vaultBefore = vaults.find(vault).orElseThrow();

        // when
        pruning.letGo(vault);
        pruning.letGo(vault); // a second time changes nothing

        // then
        for (SnapshotId run : nights) {
            boolean gone = old.contains(run);
            RunSummary after = summaries.find(run).orElseThrow();
            assertThat(after).isEqualTo(letGo(Objects.requireNonNull(before.get(run)), gone));
            if (after.status() != RunStatus.RUNNING) {
                assertThat(objects.counts(run)).isEqualTo(after.outcomes()).isNotEmpty();
            }
            assertThat(rowsIn("ledger_object", run)).isEqualTo(gone ? 0 : 3);
            assertThat(rowsIn("ledger_closing", run)).isEqualTo(gone ? 0 : 3);
            assertThat(objects.listings(run)).hasSize(1);
            assertThat(runs.find(run).orElseThrow().executions()).hasSize(1);
        }
        old.forEach(run -> summaries.refresh(run));
        assertThat(summaries.find(old.getFirst()))
                .contains(letGo(Objects.requireNonNull(before.get(old.getFirst())), true));
        VaultSummary vaultAfter = vaults.find(vault).orElseThrow();
        assertThat(vaultAfter)
                .usingRecursiveComparison()
                .ignoringFields("changedAt")
                .isEqualTo(vaultBefore);
    }

    private static RunSummary letGo(RunSummary summary, boolean gone) {
        return new RunSummary(
                summary.snapshot(),
                summary.vault(),
                summary.scheduledFor(),
                summary.status(),
                summary.executions(),
                summary.startedAt(),
                summary.endedAt(),
                summary.manifest(),
                summary.consistentAsOf(),
                summary.unitsSpent(),
                summary.throttles(),
                summary.objects(),
                summary.bytes(),
                summary.bytesCopied(),
                summary.mostVersions(),
                summary.nearLimit(),
                summary.retries(),
                summary.reasons(),
                !gone);
    }

    @Test
    void whatAYearHasLeftIsLetGoLittleByLittleAndOfOtherVaultsNothing() {
        // given
        SnapshotId ofAnother = runOf(0, RunStatus.COMPLETE);
        openTheSummaries();
        IntStream.range(0, 14).forEach(number -> runOf(number, RunStatus.COMPLETE));

        // when, then
        pruning.letGo(vault);
        assertThat(kept()).hasSize(4);
        pruning.letGo(vault);
        assertThat(kept())
                .containsExactlyInAnyOrder(night(12).snapshot(), night(13).snapshot());
        assertThat(rowsIn("ledger_object", ofAnother)).isEqualTo(3);
    }

    @Test
    void aRunThatIsBegunThoughItsObjectsWereLetGoIsListedAnew() {
        // given
        IntStream.range(0, 3).forEach(number -> runOf(number, RunStatus.COMPLETE));
        pruning.letGo(vault);
        RunRequest first = night(0);
        assertThat(objects.counts(first.snapshot())).isEqualTo(Map.of(Outcome.BACKED_UP, 3L));

        // when
        runs.begin(first, 2, READ_AT);

        // then
        assertThat(objects.completelyListed(first.snapshot())).isEmpty();
        assertThat(objects.counts(first.snapshot())).isEmpty();
        assertThat(summaries.find(first.snapshot()).orElseThrow().objectsKept()).isTrue();
        assertThat(summaries.find(first.snapshot()).orElseThrow().objects()).isEmpty();
    }

    @Test
    void aSummaryThatIsLostIsNotTakenForOneOfARunWithoutObjects() {
        // given
        IntStream.range(0, 3).forEach(number -> runOf(number, RunStatus.COMPLETE));
        RunRequest empty = ended(4, RunStatus.COMPLETE);
        pruning.letGo(vault);
        jdbc.sql("DELETE FROM ledger_summary WHERE vault_uri = ?")
                .param(vault.toString())
                .update();

        // when
        summaries.refresh(night(0).snapshot());

        // then
        assertThat(kept()).containsExactlyInAnyOrder(night(2).snapshot(), empty.snapshot());
    }
}
