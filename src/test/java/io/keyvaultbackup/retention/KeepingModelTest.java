package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.KeepWithin;
import io.keyvaultbackup.snapshot.Labels;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@link Keeping} against the same rules said snapshot by snapshot, with no order and no counting along. */
class KeepingModelTest {

    private static final int POLICIES = 300;

    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/St_Johns"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("Pacific/Apia"));

    /** Where clocks and calendars are odd: put forward, put back, a leap day, a day left out, a year's end. */
    private static final List<Instant> ODD = List.of(
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-10-25T01:00:00Z"),
            Instant.parse("2010-11-07T02:31:00Z"),
            Instant.parse("2024-02-29T12:00:00Z"),
            Instant.parse("2011-12-30T10:00:00Z"),
            Instant.parse("2025-12-31T23:00:00Z"));

    private static final List<String> TAGS = List.of("audit", "before-upgrade", "x");

    static LongStream seeds() {
        String given = System.getProperty("retention.seed");
        return given == null ? new Random().longs(6) : LongStream.of(Long.parseLong(given));
    }

    @ParameterizedTest(name = "-Dretention.seed={0}")
    @MethodSource("seeds")
    void keepsWhatTheRulesSayAndNoLessByMoreRulesAndTheSameAgain(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < POLICIES; round++) {
            // given
            Instant now = ODD.get(random.nextInt(ODD.size())).plusSeconds(random.nextInt(200_000));
            List<Candidate> candidates = candidates(random, now);
            KeepPolicy policy = policy(random);
            String told = "seed " + seed + ", round " + round + ": " + policy + " at " + now + " of " + candidates;

            // when
            Set<Candidate> kept = kept(candidates, policy, now);

            // then
            assertThat(kept).as(told).isEqualTo(PolicyOracle.expected(candidates, policy, now));
            assertThat(kept(kept, policy, now)).as("again: %s", told).isEqualTo(kept);
            KeepPolicy more = more(policy, random);
            assertThat(kept(candidates, more, now)).as("%s, and %s", told, more).containsAll(kept);
        }
    }

    private static Set<Candidate> kept(Iterable<Candidate> candidates, KeepPolicy policy, Instant now) {
        List<Candidate> shuffled = new ArrayList<>();
        candidates.forEach(shuffled::add);
        Collections.shuffle(shuffled, new Random(shuffled.size()));
        return Keeping.decide(shuffled, policy, now).stream()
                .filter(Verdict::isKept)
                .map(Verdict::candidate)
                .collect(Collectors.toSet());
    }

    // What it is tried with

    private static List<Candidate> candidates(Random random, Instant now) {
        List<Candidate> candidates = new ArrayList<>();
        int count = random.nextInt(40);
        long reach =
                List.of(6 * 3600L, 3 * 86_400L, 60 * 86_400L, 1500 * 86_400L).get(random.nextInt(4));
        boolean onTheHour = random.nextBoolean();
        for (int number = 0; number < count; number++) {
            Instant time = now.plusSeconds(reach / 20 - (long) (random.nextDouble() * reach));
            candidates.add(new Candidate(
                    new SnapshotId("id-" + random.nextInt(10) + "-" + number),
                    onTheHour ? time.truncatedTo(ChronoUnit.HOURS) : time.truncatedTo(ChronoUnit.SECONDS),
                    random.nextInt(3) > 0,
                    Labels.of(random.nextInt(20) == 0, random.nextInt(10) == 0 ? Set.of(tag(random)) : Set.of())));
        }
        return candidates;
    }

    private static String tag(Random random) {
        return TAGS.get(random.nextInt(TAGS.size()));
    }

    private static KeepPolicy policy(Random random) {
        KeepPolicy policy = new KeepPolicy(
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                random.nextInt(3) > 0 ? null : within(random),
                new TreeSet<>(random.nextInt(4) > 0 ? Set.of() : Set.of(tag(random))),
                ZONES.get(random.nextInt(ZONES.size())));
        return policy.isEmpty() ? policy(random) : policy;
    }

    private static int number(Random random) {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(8);
    }

    private static KeepWithin within(Random random) {
        KeepWithin within = new KeepWithin(random.nextInt(3), random.nextInt(4), random.nextInt(9), random.nextInt(30));
        return random.nextBoolean() ? new KeepWithin(0, 0, 1 + random.nextInt(3), 0) : within;
    }

    private static KeepPolicy more(KeepPolicy policy, Random random) {
        KeepWithin within = policy.within();
        TreeSet<String> tags = new TreeSet<>(policy.tags());
        tags.add(tag(random));
        return new KeepPolicy(
                policy.last() + random.nextInt(3),
                policy.hourly() + random.nextInt(3),
                policy.daily() + random.nextInt(3),
                policy.weekly() + random.nextInt(3),
                policy.monthly() + random.nextInt(3),
                policy.yearly() + random.nextInt(3),
                within == null ? within(random) : within,
                tags,
                policy.zone());
    }
}
