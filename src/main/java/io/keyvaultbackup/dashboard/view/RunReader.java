package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads the runs that whoever asks may see, a page at a time. Safe for use by many threads. */
public final class RunReader {

    private final DatabaseReads reads;
    private final ObjectProvider<RunSummaries> runs;
    private final VisibleVaults visible;

    RunReader(DatabaseReads reads, ObjectProvider<RunSummaries> runs, VisibleVaults visible) {
        this.reads = reads;
        this.runs = runs;
        this.visible = visible;
    }

    /** @param next where the next page begins; null if this is the last */
    public record Page(List<RunSummary> runs, RunSummaries.@Nullable Position next) {

        public Page {
            runs = List.copyOf(runs);
        }

        /** @param found one more than fits, if there are more */
        private static Page of(List<RunSummary> found, int size) {
            List<RunSummary> shown = found.subList(0, Math.min(size, found.size()));
            return new Page(shown, found.size() > size ? RunSummaries.Position.of(shown.getLast()) : null);
        }
    }

    /** The run, if there is one, and it may be seen. */
    public Reading<Optional<RunSummary>> find(SnapshotId run) {
        if (!Cursor.isId(run.value())) {
            return Reading.known(Optional.empty());
        }
        // asked here, since it is known of this thread
        Reading<Optional<RunSummary>> found = reads.ask(() -> runs.getObject().find(run));
        return found instanceof Reading.Known<Optional<RunSummary>>(Optional<RunSummary> summary)
                ? Reading.known(summary.filter(one -> visible.those().test(one.vault())))
                : found;
    }

    /** Those of these runs that have begun; none where the job database does not tell. */
    public Set<SnapshotId> begun(Collection<SnapshotId> ids) {
        return ids.isEmpty()
                ? Set.of()
                : reads.ask(() -> runs.getObject().known(ids)).told().orElse(Set.of());
    }

    public Reading<Page> ofVault(VaultAddress vault, RunSummaries.@Nullable Position behind, int size) {
        return reads.ask(() -> Page.of(runs.getObject().ofVault(vault, behind, size + 1), size));
    }

    /**
     * The runs that somebody looks for, newest first.
     *
     * @param vaults all that there are, of which those that may be seen count
     * @param name a part of their names; null for all
     * @param status null for all
     */
    public Reading<Page> ofFleet(
            Supplier<List<VaultAddress>> vaults,
            @Nullable String name,
            @Nullable RunStatus status,
            RunSummaries.@Nullable Position behind,
            int size) {
        @Nullable
        List<VaultAddress> among = visible.all() && name == null
                ? null
                : vaults.get().stream()
                        .filter(visible.those())
                        .filter(vault -> name == null || vault.storeName().contains(name.toLowerCase(Locale.ROOT)))
                        .toList();
        return reads.ask(() -> Page.of(runs.getObject().matching(among, status, behind, size + 1), size));
    }
}
