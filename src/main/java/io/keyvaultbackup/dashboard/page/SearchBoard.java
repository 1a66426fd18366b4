package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.SearchReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template of the search for objects shows.
 *
 * @param wrong why that can not be looked for; null if it can
 * @param lines null before anything is looked for
 * @param covered how far it came, in a sentence
 */
public record SearchBoard(
        FilterForm filter,
        @Nullable String wrong,
        @Nullable List<Line> lines,
        String covered,
        @Nullable String next) {

    /**
     * An object, as the newest run of its vault left it.
     *
     * @param snapshotLink the snapshot, or the run where the store was not asked for it
     */
    public record Line(String vault, String vaultLink, String snapshot, String snapshotLink, ObjectLine object) {}

    private static final int NAMED = 3;

    static SearchBoard of(FilterForm filter, @Nullable String wrong, SearchReader.@Nullable Found found) {
        if (found == null) {
            return new SearchBoard(filter, wrong, null, "", null);
        }
        return new SearchBoard(
                filter,
                null,
                found.hits().stream().map(SearchBoard::line).toList(),
                covered(found),
                found.next() == null
                        ? null
                        : filter.behind("/objects", found.next().write()));
    }

    private static Line line(SearchReader.Hit hit) {
        return new Line(
                hit.vault().name(),
                Links.vault(hit.vault().vault()),
                hit.snapshot().value(),
                hit.inStore() ? Links.snapshot(hit.vault().vault(), hit.snapshot()) : Links.run(hit.snapshot()),
                ObjectLine.of(hit.vault().vault(), hit.object()));
    }

    private static String covered(SearchReader.Found found) {
        List<String> without = found.without();
        return "Looked into the newest run of " + Words.count(found.looked(), "vault", "vaults") + " of "
                + Words.of(found.all())
                + (without.isEmpty()
                        ? "."
                        : "; nothing is known of "
                                + String.join(
                                        ", ", without.stream().limit(NAMED).toList())
                                + (without.size() > NAMED ? " and " + Words.of(without.size() - NAMED) + " more" : "")
                                + ".")
                + (found.tooLong() ? " That took more than 10 seconds: the next page goes on from there." : "");
    }
}
