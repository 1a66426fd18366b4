package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which snapshots of one vault a policy keeps, and why. In doubt it keeps:
 *
 * <ul>
 *   <li>Rules that count or look back are applied to the complete snapshots, and once more to all of them; what either keeps is kept. So
 *       nights that ended incomplete never push out complete ones, and are kept themselves for as long as others are.
 *   <li>{@code within} looks back from the newest snapshot, not from now (as restic does): if no backup was made for a month, a month passes
 *       without anything being forgotten. It looks back from the newest complete one to find complete ones. Its end is included: of
 *       nightly snapshots, {@code within 7d} keeps eight.
 *   <li>The newest complete snapshot is kept whatever the policy says, and pinned ones are; if none is complete, the newest is.
 *   <li>Snapshots of a time to come (a clock was wrong, or a run was scheduled so) are kept, and no rule counts them or looks back from
 *       them until their time has come: else one snapshot of the year 2100 could push out all others.
 * </ul>
 *
 * Applied again to what it kept it forgets nothing more; and a rule more, or a larger number, never keeps less.
 */
final class Keeping {

    private final KeepPolicy policy;
    private final Map<Candidate, Set<String>> reasons = new LinkedHashMap<>();

    private Keeping(KeepPolicy policy) {
        this.policy = policy;
    }

    /**
     * What is to become of each snapshot, newest first.
     *
     * @param candidates all snapshots of one vault, in any order
     * @throws IllegalArgumentException if the policy has no rule, as it would forget almost everything
     */
    static List<Verdict> decide(Collection<Candidate> candidates, KeepPolicy policy, Instant now) {
        if (policy.isEmpty()) {
            throw new IllegalArgumentException("a policy without any rule keeps nothing");
        }
        Keeping keeping = new Keeping(policy);
        keeping.decide(candidates.stream().sorted(Candidate.NEWEST_FIRST).toList(), now);
        return keeping.reasons.entrySet().stream()
                .map(each -> new Verdict(each.getKey(), List.copyOf(each.getValue())))
                .toList();
    }

    private void decide(List<Candidate> all, Instant now) {
        List<Candidate> past = new ArrayList<>();
        for (Candidate candidate : all) {
            reasons.put(candidate, new LinkedHashSet<>());
            if (candidate.scheduledFor().isAfter(now)) {
                keep(candidate, "in the future");
            } else {
                past.add(candidate);
            }
        }
        List<Candidate> complete = past.stream().filter(Candidate::complete).toList();
        for (List<Candidate> counted : List.of(complete, past)) {
            counted.stream().limit(policy.last()).forEach(candidate -> keep(candidate, "last snapshot"));
            for (Bucket bucket : Bucket.values()) {
                keepNewestOfEach(bucket, counted);
            }
            keepWithin(counted);
        }
        (complete.isEmpty() ? past : complete)
                .stream().limit(1).forEach(newest -> keep(newest, newest.complete() ? "newest complete" : "newest"));
        all.forEach(this::keepLabelled);
    }

    private void keepNewestOfEach(Bucket bucket, List<Candidate> newestFirst) {
        Set<String> seen =
                new HashSet<>(); // not the last one alone: a clock that is put back over midnight shows a day twice
        int number = bucket.number(policy);
        for (Candidate candidate : newestFirst) {
            String name = bucket.of(candidate.scheduledFor().atZone(policy.zone()));
            if (seen.size() < number && seen.add(name)) {
                keep(candidate, name);
            }
        }
    }

    private void keepWithin(List<Candidate> newestFirst) {
        KeepWithin within = policy.within();
        if (within != null && !newestFirst.isEmpty()) {
            Instant start = within.before(newestFirst.getFirst().scheduledFor(), policy.zone());
            newestFirst.stream()
                    .filter(candidate -> !candidate.scheduledFor().isBefore(start))
                    .forEach(candidate -> keep(candidate, "within " + within));
        }
    }

    private void keepLabelled(Candidate candidate) {
        if (candidate.labels().pinned()) {
            keep(candidate, "pinned");
        }
        for (String tag : candidate.labels().tags()) {
            if (policy.tags().contains(tag)) {
                keep(candidate, "tag " + tag);
            }
        }
    }

    private void keep(Candidate candidate, String reason) {
        reasons.computeIfAbsent(candidate, unseen -> new LinkedHashSet<>()).add(reason);
    }
}
