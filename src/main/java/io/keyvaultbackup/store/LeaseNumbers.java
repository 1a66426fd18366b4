package io.keyvaultbackup.store;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The highest execution number that was given out for each snapshot. Immutable.
 *
 * <p>Vaults are backed up for years, so only the latest snapshots are kept one by one. Ids sort by time: of all those up to the
 * last one that was let go, the highest number is kept, and whoever comes back to one of them starts above that.
 *
 * @param latest by snapshot
 * @param goneUpTo the last snapshot that is not kept, or nothing while all are
 * @param goneHighest the highest number of any snapshot up to there
 */
public record LeaseNumbers(SortedMap<String, Integer> latest, String goneUpTo, int goneHighest) {

    static final int KEPT = 100;

    static final LeaseNumbers NONE = new LeaseNumbers(new TreeMap<>(), "", 0);

    public LeaseNumbers {
        latest.values().forEach(Objects::requireNonNull);
        Objects.requireNonNull(goneUpTo);
        latest = Collections.unmodifiableSortedMap(new TreeMap<>(latest));
    }

    int next(String snapshot, int least) {
        int highest = latest.getOrDefault(snapshot, 0);
        if (snapshot.compareTo(goneUpTo) <= 0) {
            highest = Math.max(highest, goneHighest);
        }
        return Math.max(least, highest + 1);
    }

    LeaseNumbers with(String snapshot, int number) {
        TreeMap<String, Integer> more = new TreeMap<>(latest);
        more.merge(snapshot, number, Math::max);
        if (more.size() <= KEPT) {
            return new LeaseNumbers(more, goneUpTo, goneHighest);
        }
        Map.Entry<String, Integer> oldest = Objects.requireNonNull(more.pollFirstEntry());
        String upTo = oldest.getKey().compareTo(goneUpTo) > 0 ? oldest.getKey() : goneUpTo;
        return new LeaseNumbers(more, upTo, Math.max(goneHighest, oldest.getValue()));
    }
}
