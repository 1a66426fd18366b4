package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far runs are, in both databases alike. */
abstract class RunProgressNotesContract extends LedgerContract {

    RunProgressNotes notes;

    @BeforeEach
    void openTheNotes() {
        notes = context().getBean(RunProgressNotes.class);
    }

    private static RunMonitor.Progress progress(long done, Pacer.@Nullable Usage usage) {
        return new RunMonitor.Progress(RunMonitor.Phase.BACKUP, 60, done, 1, 50, usage);
    }

    private static Pacer.Usage usage(long spent) {
        return new Pacer.Usage(new Budget(2_000), spent, 3, 187.5);
    }

    @Test
    void whatIsNotedLastOfARunStands() {
        // given
        assertThat(notes.find(snapshot)).isEmpty();
        notes.note(snapshot, 1, "node-7 (process 4711)", progress(0, null), STARTED);

        // when
        notes.note(snapshot, 1, "node-7 (process 4711)", progress(20, usage(140)), READ_AT);

        // then
        assertThat(notes.find(snapshot))
                .hasValue(new NotedProgress(
                        snapshot,
                        1,
                        "node-7 (process 4711)",
                        RunMonitor.Phase.BACKUP,
                        60,
                        20,
                        1,
                        50,
                        140,
                        2_000,
                        3,
                        187.5,
                        READ_AT));
    }

    /** Whoever has lost the vault's lease may not know it yet. */
    @Test
    void anEarlierExecutionChangesNothingOfWhatALaterOneNoted() {
        // given
        notes.note(snapshot, 1, "first", progress(10, usage(70)), STARTED);
        notes.note(snapshot, 2, "second", progress(20, usage(140)), READ_AT);

        // when
        notes.note(snapshot, 1, "first", progress(11, usage(77)), READ_AT.plusSeconds(2));

        // then
        assertThat(notes.find(snapshot)).hasValueSatisfying(noted -> {
            assertThat(noted.process()).isEqualTo("second");
            assertThat(noted.done()).isEqualTo(20);
        });
    }

    @Test
    void thePointsOfAChartComeInOrder() {
        notes.point(snapshot, 2, progress(5, usage(35)), READ_AT.plusSeconds(100));
        notes.point(snapshot, 1, progress(20, usage(140)), READ_AT.plusSeconds(10));
        notes.point(snapshot, 1, progress(0, null), READ_AT);

        assertThat(notes.points(snapshot))
                .containsExactly(
                        new NotedProgress.Point(1, READ_AT, 0, 1, 0, 0),
                        new NotedProgress.Point(1, READ_AT.plusSeconds(10), 20, 1, 140, 3),
                        new NotedProgress.Point(2, READ_AT.plusSeconds(100), 5, 1, 35, 3));
    }

    @Test
    void whatRunsOfAVaultNotedLongAgoIsForgottenAndNothingElse() {
        // given
        VaultAddress forgetful = VaultAddress.parse("https://forgetful.vault.azure.net");
        Instant now = Instant.parse("2026-12-24T03:00:00Z");
        RunRequest old = new RunRequest(forgetful, now.minusSeconds(8 * 86_400), Selection.everything());
        RunRequest late = new RunRequest(forgetful, now.minusSeconds(6 * 86_400), Selection.everything());
        for (RunRequest run : new RunRequest[] {old, late}) {
            runs.begin(run, 1, run.scheduledFor());
        }
        for (RunRequest run : new RunRequest[] {old, late, request}) {
            notes.note(run.snapshot(), 1, "any", progress(1, null), run.scheduledFor());
            notes.point(run.snapshot(), 1, progress(1, null), run.scheduledFor());
        }

        // when
        notes.forgetOld(forgetful, now);

        // then
        assertThat(notes.find(old.snapshot())).isEmpty();
        assertThat(notes.points(old.snapshot())).isEmpty();
        assertThat(notes.find(late.snapshot())).isPresent();
        assertThat(notes.points(late.snapshot())).hasSize(1);
        assertThat(notes.find(snapshot)).isPresent();
    }
}
