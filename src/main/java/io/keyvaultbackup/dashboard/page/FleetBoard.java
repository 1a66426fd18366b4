package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.FleetQuery;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet's template shows.
 *
 * @param verdict the whole in a sentence
 * @param mood how it is meant: bad, good, or note where there is nothing to say yet
 * @param tiles how many vaults stand how; those that none does only if they are chosen
 * @param columns what can be sorted by
 * @param empty why there is no line; null if there is one
 */
public record FleetBoard(
        String verdict,
        String mood,
        String title,
        Moment at,
        @Nullable Moment nextRun,
        String objective,
        FleetQuery query,
        String here,
        List<Tile> tiles,
        List<Notice> notices,
        List<Column> columns,
        List<FleetLine> lines,
        String shown,
        @Nullable String previous,
        @Nullable String next,
        @Nullable Notice empty) {

    /** @param chosen whether these alone are shown */
    public record Tile(String key, String words, String meaning, String count, String link, boolean chosen) {}

    /** @param sorted ascending, descending or none, as a screen reader is told */
    public record Column(String key, String words, String link, String sorted) {}

    static FleetBoard of(FleetView fleet, FleetQuery query) {
        FleetQuery.Page page = query.of(fleet);
        FleetLinks links = new FleetLinks(
                new FleetQuery(query.text(), query.standing(), query.sort(), query.backwards(), page.page()));
        long trouble = fleet.inTrouble();
        return new FleetBoard(
                verdict(fleet, trouble),
                mood(fleet, trouble),
                (trouble == 0 ? "" : "(" + trouble + ") ") + "Fleet",
                Moment.of(fleet.at()),
                Moment.orNull(fleet.nextRun()),
                Words.of(fleet.objective()),
                query,
                links.here(),
                tiles(page, query, links),
                Notice.of(fleet),
                columns(query, links),
                page.rows().stream()
                        .map(row -> FleetLine.of(row, fleet.objective()))
                        .toList(),
                shown(page),
                page.page() > 1 ? links.page(page.page() - 1) : null,
                page.page() < page.pages() ? links.page(page.page() + 1) : null,
                page.total() == 0 ? empty(fleet) : null);
    }

    private static String verdict(FleetView fleet, long trouble) {
        long listed = fleet.listed();
        long unknown = fleet.counts().getOrDefault(Standing.UNKNOWN, 0L);
        if (listed == 0 && fleet.database().gap() == null) {
            return "No vault is backed up yet.";
        }
        if (trouble == 0 && unknown == listed) {
            return "How the vaults stand is not known.";
        }
        if (trouble == 0) {
            return (listed == 1 ? "The vault has" : "All " + Words.of(listed - unknown) + " vaults have")
                    + " a good copy within " + (listed == 1 ? "its" : "their") + " objective.";
        }
        return Words.of(trouble) + " of " + Words.count(listed, "vault", "vaults") + (trouble == 1 ? " needs" : " need")
                + " attention.";
    }

    private static String mood(FleetView fleet, long trouble) {
        if (trouble > 0 || fleet.database().gap() != null) {
            return "bad";
        }
        return fleet.listed() == fleet.counts().getOrDefault(Standing.UNKNOWN, 0L) ? "note" : "good";
    }

    private static List<Tile> tiles(FleetQuery.Page page, FleetQuery query, FleetLinks links) {
        List<Tile> tiles = new ArrayList<>();
        long all = page.counts().values().stream().mapToLong(Long::longValue).sum();
        tiles.add(
                new Tile("all", "all", "Every vault.", Words.of(all), links.standing(null), query.standing() == null));
        Stream.of(Standing.values())
                .filter(standing -> page.counts().getOrDefault(standing, 0L) > 0 || standing == query.standing())
                .map(standing -> new Tile(
                        standing.key(),
                        standing.words(),
                        standing.meaning(),
                        Words.of(page.counts().getOrDefault(standing, 0L)),
                        links.standing(standing),
                        standing == query.standing()))
                .forEach(tiles::add);
        return tiles;
    }

    private static List<Column> columns(FleetQuery query, FleetLinks links) {
        return List.of(
                column(FleetQuery.Sort.VAULT, "Vault", query, links),
                column(FleetQuery.Sort.STANDING, "Status", query, links),
                column(FleetQuery.Sort.AGE, "Newest good copy", query, links),
                column(FleetQuery.Sort.LATEST, "Latest run", query, links),
                column(FleetQuery.Sort.OBJECTS, "Objects", query, links),
                column(FleetQuery.Sort.VERSIONS, "Most versions", query, links));
    }

    private static Column column(FleetQuery.Sort sort, String words, FleetQuery query, FleetLinks links) {
        boolean ascends = (sort == FleetQuery.Sort.VAULT) != query.backwards();
        return new Column(
                sort.name().toLowerCase(Locale.ROOT),
                words,
                links.sort(sort),
                query.sort() != sort ? "none" : ascends ? "ascending" : "descending");
    }

    private static String shown(FleetQuery.Page page) {
        int first = (page.page() - 1) * FleetQuery.PAGE + 1;
        return page.pages() == 1
                ? Words.count(page.total(), "vault", "vaults")
                : Words.of(first) + " to " + Words.of(first + page.rows().size() - 1L) + " of "
                        + Words.count(page.total(), "vault", "vaults");
    }

    private static Notice empty(FleetView fleet) {
        if (!fleet.vaults().isEmpty()) {
            return new Notice("note", "No vault matches.", "Search for another part of a name, or show all of them.");
        }
        return fleet.database() instanceof Reading.Known
                ? new Notice(
                        "note",
                        "No vault is known.",
                        "Name vaults in keyvault-backup.vaults or keyvault-backup.fleet, and back one up:"
                                + " keyvault-backup backup --vault NAME")
                : new Notice("note", "No vault is known.", "The job database would tell of them, and does not answer.");
    }
}
