package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a policy keeps, said snapshot by snapshot, with no order and no counting along. */
final class PolicyOracle {

    private PolicyOracle() {}

    static Set<Candidate> expected(List<Candidate> candidates, KeepPolicy policy, Instant now) {
        List<Candidate> past = candidates.stream()
                .filter(each -> !each.scheduledFor().isAfter(now))
                .toList();
        List<Candidate> complete = past.stream().filter(Candidate::complete).toList();
        Set<Candidate> kept = new HashSet<>(candidates);
        kept.removeIf(each -> !each.scheduledFor().isAfter(now)
                && !each.labels().pinned()
                && Collections.disjoint(each.labels().tags(), policy.tags())
                && !isKeptAmong(complete, each, policy)
                && !isKeptAmong(past, each, policy)
                && !isNewestOf(complete.isEmpty() ? past : complete, each));
        return kept;
    }

    private static boolean isKeptAmong(List<Candidate> counted, Candidate one, KeepPolicy policy) {
        Function<Candidate, ZonedDateTime> time = each -> each.scheduledFor().atZone(policy.zone());
        return counted.contains(one)
                && (isAmongTheFirst(policy.last(), Candidate::snapshot, counted, one)
                        || isAmongTheFirst(
                                policy.hourly(),
                                each -> time.apply(each).toOffsetDateTime().truncatedTo(ChronoUnit.HOURS),
                                counted,
                                one)
                        || isAmongTheFirst(
                                policy.daily(), each -> time.apply(each).toLocalDate(), counted, one)
                        || isAmongTheFirst(
                                policy.weekly(),
                                each -> time.apply(each)
                                        .toLocalDate()
                                        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
                                counted,
                                one)
                        || isAmongTheFirst(policy.monthly(), each -> YearMonth.from(time.apply(each)), counted, one)
                        || isAmongTheFirst(
                                policy.yearly(), each -> time.apply(each).getYear(), counted, one)
                        || isWithin(counted, one, policy));
    }

    /** Whether it is the newest of its bucket, and fewer than so many buckets have a newer one. */
    private static boolean isAmongTheFirst(
            int number, Function<Candidate, Object> bucket, List<Candidate> counted, Candidate one) {
        List<Candidate> newer =
                counted.stream().filter(each -> isNewer(each, one)).toList();
        Set<Object> newerBuckets = newer.stream().map(bucket).collect(Collectors.toSet());
        return newerBuckets.size() < number && !newerBuckets.contains(bucket.apply(one));
    }

    private static boolean isNewer(Candidate one, Candidate other) {
        int order = one.scheduledFor().compareTo(other.scheduledFor());
        return order > 0
                || (order == 0
                        && one.snapshot().value().compareTo(other.snapshot().value()) > 0);
    }

    private static boolean isNewestOf(List<Candidate> all, Candidate one) {
        return all.contains(one) && all.stream().noneMatch(each -> isNewer(each, one));
    }

    private static boolean isWithin(List<Candidate> counted, Candidate one, KeepPolicy policy) {
        KeepWithin within = policy.within();
        if (within == null) {
            return false;
        }
        Instant newest = counted.stream()
                .map(Candidate::scheduledFor)
                .max(Instant::compareTo)
                .orElseThrow();
        LocalDateTime start = LocalDateTime.ofInstant(newest, policy.zone())
                .minusMonths(12L * within.years() + within.months())
                .minusDays(within.days());
        // whatever the clock showed as late as that, at any moment with such a clock or after it
        Instant moment = one.scheduledFor().plus(Duration.ofHours(within.hours()));
        return !LocalDateTime.ofInstant(moment, policy.zone()).isBefore(start)
                || policy.zone().getRules().getValidOffsets(start).stream()
                        .anyMatch(offset -> !moment.isBefore(start.toInstant(offset)));
    }
}
