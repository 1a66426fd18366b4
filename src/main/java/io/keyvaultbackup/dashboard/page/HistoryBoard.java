package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.HistoryReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.vault.ObjectId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the template of an object's history shows. */
public record HistoryBoard(
        String vault,
        String back,
        String here,
        String name,
        List<Notice> notices,
        List<Line> lines,
        boolean first,
        @Nullable String next) {

    /**
     * The object in one run.
     *
     * @param link the snapshot; null if the store is not known to have it
     * @param object null if it was not there, or nobody has looked
     * @param absence why there is none; null if there is one
     * @param changes what is not as it was before; empty if nothing is
     * @param compared whether there is a run before to compare it with
     */
    public record Line(
            String snapshot,
            @Nullable String link,
            Moment at,
            @Nullable ObjectLine object,
            @Nullable String absence,
            List<Field> changes,
            boolean compared) {}

    /** A part of an object's state. */
    public record Field(String name, Value before, Value after) {

        // a tag may be named so too, and then has "tags." before its name
        private static final Set<String> TIMES = Set.of("created", "updated", "notBefore", "expires");

        static Field of(Difference.Field field) {
            boolean time = TIMES.contains(field.name());
            return new Field(field.name(), Value.of(field.before(), time), Value.of(field.after(), time));
        }
    }

    /** @param time null if it is none: then the text is to be shown */
    public record Value(String text, @Nullable Moment time) {

        static Value of(@Nullable String value, boolean time) {
            return new Value(
                    value == null ? "none" : value, value == null || !time ? null : Moment.of(Instant.parse(value)));
        }
    }

    static HistoryBoard of(VaultRow vault, ObjectId id, HistoryReader.Page page, boolean first) {
        String here = Links.object(vault.vault(), id);
        return new HistoryBoard(
                vault.name(),
                Links.snapshots(vault.vault()),
                here,
                id.toString(),
                Stream.concat(
                                Notice.missing(page.store(), "Only runs whose objects the job database has are shown."),
                                Notice.missing(page.database(), "Runs that made no snapshot are not shown."))
                        .toList(),
                page.entries().stream().map(entry -> line(vault, entry)).toList(),
                first,
                page.next() == null ? null : here + "?behind=" + page.next().value());
    }

    private static Line line(VaultRow vault, HistoryReader.Entry entry) {
        return new Line(
                entry.snapshot().value(),
                entry.inStore() ? Links.snapshot(vault.vault(), entry.snapshot()) : null,
                Moment.of(entry.snapshot().scheduledFor().orElse(Instant.EPOCH)),
                entry.object() == null ? null : ObjectLine.of(vault.vault(), entry.object()),
                switch (entry.presence()) {
                    case PRESENT -> null;
                    case ABSENT -> "not in the vault, or not listed";
                    case UNKNOWN -> "not looked: the manifests are too large to read them all for one page";
                },
                entry.changes() == null
                        ? List.of()
                        : entry.changes().stream().map(Field::of).toList(),
                entry.changes() != null);
    }
}
