package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunProgressNotes;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads what there is of one run. Whether it may be seen is for whoever asks to find out first: {@link RunReader#find}. Safe for use by many threads. */
public final class RunDetailReader {

    private final DatabaseReads reads;
    private final ObjectProvider<RunSummaries> summaries;
    private final ObjectProvider<RunProgressNotes> notes;
    private final ObjectProvider<RunLedger> runs;
    private final ObjectProvider<ObjectPages> objects;
    private final InstantSource clock;

    RunDetailReader(
            DatabaseReads reads,
            ObjectProvider<RunSummaries> summaries,
            ObjectProvider<RunProgressNotes> notes,
            ObjectProvider<RunLedger> runs,
            ObjectProvider<ObjectPages> objects,
            InstantSource clock) {
        this.reads = reads;
        this.summaries = summaries;
        this.notes = notes;
        this.runs = runs;
        this.objects = objects;
        this.clock = clock;
    }

    /** @param next where the next page begins; null if this is the last */
    public record Page(List<LedgerObject> objects, @Nullable ObjectId next) {

        public Page {
            objects = List.copyOf(objects);
        }

        /** @param found one more than fits, if there are more */
        private static Page of(List<LedgerObject> found, int size) {
            List<LedgerObject> shown = found.subList(0, Math.min(size, found.size()));
            return new Page(
                    shown, found.size() > size ? shown.getLast().object().id() : null);
        }
    }

    /** @param examples how many failures of each reason are given */
    public Reading<RunDetail> detail(RunSummary run, int examples) {
        return reads.ask(() -> {
            SnapshotId id = run.snapshot();
            RunRecord record = runs.getObject().find(id).orElseThrow();
            Map<Integer, List<Incident>> incidents = runs.getObject().incidents(id);
            return new RunDetail(
                    now(run, () -> notes.getObject().points(id)),
                    record,
                    incidents,
                    objects.getObject().failures(id, examples));
        });
    }

    /**
     * How far it is now; empty if it is not known any more.
     *
     * @param points in place of what is noted of them now; null to read that
     */
    public Reading<Optional<RunNow>> now(SnapshotId run, @Nullable List<NotedProgress.Point> points) {
        return reads.ask(() -> summaries
                .getObject()
                .find(run)
                .map(summary ->
                        now(summary, () -> points == null ? notes.getObject().points(run) : points)));
    }

    private RunNow now(RunSummary run, Supplier<List<NotedProgress.Point>> points) {
        return new RunNow(run, notes.getObject().find(run.snapshot()).orElse(null), points.get(), clock.instant());
    }

    public Reading<Page> objects(SnapshotId run, ObjectPages.Filter filter, @Nullable ObjectId behind, int size) {
        return reads.ask(() -> Page.of(objects.getObject().page(run, filter, behind, size + 1), size));
    }
}
