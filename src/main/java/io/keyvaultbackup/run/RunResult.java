package io.keyvaultbackup.run;

import io.keyvaultbackup.pacing.Pacer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one launch of a run ended.
 *
 * @param execution which try at the run this was
 * @param alreadyComplete whether there was nothing to do: an earlier execution had finished the run
 * @param outcomes how many objects ended so
 * @param incidents the failures, listings first; at most as many as people read
 * @param incidentCount all of them
 * @param relaunchMayHelp whether any of the failures can go well the next time
 * @param missingPermission whether nothing at all was done, for lack of permission alone
 * @param missingStore whether nothing at all was done, because the store is not there
 * @param reuse what it took over from earlier snapshots
 * @param immutability what keeps its snapshot from being removed
 * @param settlement of which moment the copies are
 * @param manifest the manifest's name in the store, if one was written
 */
public record RunResult(
        RunRequest request,
        int execution,
        RunStatus status,
        boolean alreadyComplete,
        Map<Outcome, Long> outcomes,
        List<Incident> incidents,
        long incidentCount,
        boolean relaunchMayHelp,
        boolean missingPermission,
        boolean missingStore,
        Reuse reuse,
        Immutability immutability,
        Settlement settlement,
        @Nullable String manifest,
        String storeLocation,
        Pacer.@Nullable Usage usage,
        Duration duration) {

    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    public long objects() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
}
