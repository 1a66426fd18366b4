package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.DiffReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.snapshot.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the template of a comparison shows.
 *
 * @param choices snapshots to choose from, the newest first
 * @param wrong why these two can not be compared; null if they can
 * @param lines null before two are chosen
 * @param tiles how many objects became what, and the pages of these alone
 */
public record DiffBoard(
        String vault,
        String back,
        String here,
        List<Notice> notices,
        String from,
        String to,
        List<String> choices,
        @Nullable String wrong,
        String title,
        List<Tile> tiles,
        @Nullable List<Line> lines,
        @Nullable String next) {

    /** @param chosen whether these alone are shown */
    public record Tile(String words, String count, String link, boolean chosen) {}

    /** An object that is not the same. */
    public record Line(String name, String link, String change, List<HistoryBoard.Field> fields) {}

    /** What somebody wants compared, and from where on it is shown. */
    record Wanted(String from, String to, Difference.@Nullable Change only, long offset, int size) {

        String link(String path, Difference.@Nullable Change change, long start) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("from", from);
            parameters.put("to", to);
            parameters.put("change", change == null ? "" : word(change));
            parameters.put("offset", start == 0 ? "" : String.valueOf(start));
            return Links.with(path, parameters);
        }
    }

    static DiffBoard of(
            VaultRow vault,
            List<String> choices,
            List<Notice> notices,
            Wanted wanted,
            @Nullable String wrong,
            DiffReader.@Nullable Diff diff) {
        String here = Links.diff(vault.vault());
        return new DiffBoard(
                vault.name(),
                Links.snapshots(vault.vault()),
                here,
                notices,
                wanted.from(),
                wanted.to(),
                choices,
                wrong,
                diff == null
                        ? ""
                        : "From " + diff.before().id() + " to " + diff.after().id(),
                diff == null ? List.of() : tiles(here, wanted, diff),
                diff == null
                        ? null
                        : diff.shown().stream().map(one -> line(vault, one)).toList(),
                diff == null || wanted.offset() + wanted.size() >= diff.total()
                        ? null
                        : wanted.link(here, wanted.only(), wanted.offset() + wanted.size()));
    }

    private static List<Tile> tiles(String here, Wanted wanted, DiffReader.Diff diff) {
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile(
                "all",
                Words.of(diff.counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()),
                wanted.link(here, null, 0),
                wanted.only() == null));
        for (Difference.Change change : Difference.Change.values()) {
            tiles.add(new Tile(
                    word(change),
                    Words.of(diff.counts().getOrDefault(change, 0L)),
                    wanted.link(here, change, 0),
                    wanted.only() == change));
        }
        return tiles;
    }

    private static String word(Difference.Change change) {
        return change.name().toLowerCase(Locale.ROOT);
    }

    private static Line line(VaultRow vault, Difference difference) {
        return new Line(
                difference.id().toString(),
                Links.object(vault.vault(), difference.id()),
                word(difference.change()),
                difference.fields().stream().map(HistoryBoard.Field::of).toList());
    }
}
