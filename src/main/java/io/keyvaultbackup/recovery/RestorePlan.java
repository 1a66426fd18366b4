package io.keyvaultbackup.recovery;

import io.keyvaultbackup.run.RestoreOutcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do.
 *
 * @param counts how many objects it would do what with
 * @param notInSnapshot what was asked for, by its name or with its kind, and the snapshot does not have
 * @param notable the first of those that are in the way or cannot be restored, each with why
 * @param deletedUnknown why nobody knows which deleted objects are in the way; null if it is known
 */
public record RestorePlan(
        RestoreRequest request,
        Map<RestoreOutcome, Long> counts,
        List<String> notInSnapshot,
        List<PlannedRestore> notable,
        @Nullable String deletedUnknown) {

    public RestorePlan {
        counts = Map.copyOf(counts);
        notInSnapshot = List.copyOf(notInSnapshot);
        notable = List.copyOf(notable);
    }

    public long count(RestoreOutcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** The same plan, of a snapshot that lacks this, too. */
    public RestorePlan lacking(List<String> more) {
        List<String> all = Stream.concat(notInSnapshot.stream(), more.stream()).toList();
        return new RestorePlan(request, counts, all, notable, deletedUnknown);
    }

    /** How many objects would be restored or recovered. */
    public long toDo() {
        return RestoreOutcome.TO_DO.stream().mapToLong(this::count).sum();
    }

    /** How many have a name that is taken. */
    public long inTheWay() {
        return RestoreOutcome.IN_THE_WAY.stream().mapToLong(this::count).sum();
    }
}
