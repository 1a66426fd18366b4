package io.keyvaultbackup.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A snapshot as people name it: {@code latest}, {@code @2026-11-24} or {@code @2026-11-24T03:00:00Z} (the latest that was scheduled for
 * then or before; a day means its end, in UTC), or an id or the start of one.
 */
public final class SnapshotReference {

    private static final Pattern ID_START = Pattern.compile("[0-9][0-9A-Za-z-]*");

    private final String text;
    private final Predicate<StoredSnapshot> eligible;
    private final boolean newestOnly;

    private SnapshotReference(String text, Predicate<StoredSnapshot> eligible, boolean newestOnly) {
        this.text = text;
        this.eligible = eligible;
        this.newestOnly = newestOnly;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static SnapshotReference parse(String text) {
        String given = text.strip();
        if (given.equalsIgnoreCase("latest")) {
            return new SnapshotReference(given, snapshot -> true, true);
        }
        if (given.startsWith("@")) {
            Instant end = end(given);
            return new SnapshotReference(
                    given,
                    snapshot -> snapshot.id()
                            .scheduledFor()
                            .filter(time -> time.isBefore(end))
                            .isPresent(),
                    true);
        }
        if (!ID_START.matcher(given).matches()) {
            throw new IllegalArgumentException("'" + text + "' names no snapshot; it looks like latest, @2026-11-24,"
                    + " 20261124T030000Z-4f2a9c or the start of that");
        }
        return new SnapshotReference(given, snapshot -> snapshot.id().value().startsWith(given), false);
    }

    /** The first moment after what is meant. */
    private static Instant end(String given) {
        String time = given.substring(1);
        try {
            return time.contains("T")
                    ? Instant.parse(time).plus(1, ChronoUnit.SECONDS)
                    : LocalDate.parse(time)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .plus(Duration.ofDays(1));
        } catch (DateTimeParseException other) {
            throw new IllegalArgumentException(
                    "'" + given + "' is no date; it looks like @2026-11-24 or @2026-11-24T03:00:00Z", other);
        }
    }

    /** Those that it means, of a list with the newest first: for {@code latest} and dates, one of each vault. */
    public List<StoredSnapshot> among(List<StoredSnapshot> snapshots) {
        List<StoredSnapshot> matching = snapshots.stream().filter(eligible).toList();
        if (!newestOnly) {
            return matching;
        }
        Map<String, StoredSnapshot> newest = new LinkedHashMap<>();
        matching.forEach(snapshot -> newest.putIfAbsent(snapshot.vault(), snapshot));
        return List.copyOf(newest.values());
    }

    /** Whether each vault has one that is meant, if it has any: the latest, or that of a date. */
    public boolean isOneOfEachVault() {
        return newestOnly;
    }

    @Override
    public String toString() {
        return text;
    }
}
