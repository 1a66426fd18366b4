package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Something that whoever reads a page has to know of it.
 *
 * @param kind note, warning
 * @param what what is so
 * @param advice what to do
 */
public record Notice(String kind, String what, String advice) {

    private static final int NAMED = 3;

    /** What of the sources is missing, and so of the page. */
    static List<Notice> of(FleetView fleet) {
        List<Notice> notices = new ArrayList<>();
        Reading.Missing<?> database = fleet.database().gap();
        if (database != null) {
            notices.add(new Notice(
                    "warning",
                    database.why()
                            + " Runs, objects, verifications and drills are not shown; which snapshots there are is read from the store.",
                    database.advice()));
        }
        Reading.Missing<?> store = fleet.store().gap();
        if (store != null) {
            notices.add(new Notice(
                    "warning",
                    store.why()
                            + " Snapshots that the job database does not know, and how copies are protected, are not shown.",
                    store.advice()));
        } else if (database != null && fleet.store() instanceof Reading.Awaited<StoreState>) {
            notices.add(new Notice("note", "The store is being read.", "This page is brought up to date by itself."));
        }
        fleet.store().told().map(StoreState::failed).ifPresent(failed -> {
            if (!failed.isEmpty()) {
                notices.add(new Notice("warning", failed(new TreeMap<>(failed)), "Each vault's page says what to do."));
            }
        });
        fleet.remarks().forEach(remark -> notices.add(new Notice("note", remark, "")));
        return notices;
    }

    /**
     * What is missing of one source, and so of the page.
     *
     * @param so what is not there for that
     */
    static List<Notice> of(Reading<?> reading, String so) {
        return missing(reading, so).toList();
    }

    /** That a source is missing, if it is. */
    static Stream<Notice> missing(Reading<?> source, String so) {
        Reading.Missing<?> gap = source.gap();
        return gap == null ? Stream.empty() : Stream.of(new Notice("warning", gap.why() + " " + so, gap.advice()));
    }

    private static String failed(Map<String, String> failed) {
        Map.Entry<String, String> first = failed.entrySet().iterator().next();
        String names = String.join(", ", failed.keySet().stream().limit(NAMED).toList());
        return "The store of " + names
                + (failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : "") + " did not answer: "
                + first.getValue() + ".";
    }
}
