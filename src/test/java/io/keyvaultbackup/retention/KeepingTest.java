package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.Labels;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeepingTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final List<Candidate> candidates = new ArrayList<>();

    private Candidate add(String time, boolean complete, Labels labels) {
        Candidate added = new Candidate(new SnapshotId(time), Instant.parse(time), complete, labels);
        candidates.add(added);
        return added;
    }

    private void complete(String... times) {
        for (String time : times) {
            add(time, true, Labels.NONE);
        }
    }

    private void incomplete(String... times) {
        for (String time : times) {
            add(time, false, Labels.NONE);
        }
    }

    private void nightly(String first, int nights) {
        for (int night = 0; night < nights; night++) {
            complete(LocalDate.parse(first)
                    .plusDays(night)
                    .atTime(3, 0)
                    .toInstant(ZoneOffset.UTC)
                    .toString());
        }
    }

    /** Each snapshot that is kept, newest first, with its reasons. */
    private List<String> kept(KeepPolicy policy) {
        return Keeping.decide(candidates, policy, NOW).stream()
                .filter(Verdict::isKept)
                .map(verdict -> verdict.candidate().snapshot() + ": " + String.join(", ", verdict.reasons()))
                .toList();
    }

    private List<String> kept(String rules) {
        return kept(Policies.policy(rules));
    }

    @Test
    void nothingOfNothing() {
        assertThat(Keeping.decide(List.of(), Policies.policy("last 1, within 3d"), NOW))
                .isEmpty();
    }

    @Test
    void aPolicyWithoutRulesIsRefused() {
        nightly("2026-11-20", 3);
        assertThatThrownBy(() -> kept("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everySnapshotHasAVerdictNewestFirst() {
        // given
        complete("2026-11-21T03:00:00Z", "2026-11-23T03:00:00Z", "2026-11-22T03:00:00Z");

        // when
        List<Verdict> verdicts = Keeping.decide(candidates, Policies.policy("last 1"), NOW);

        // then
        assertThat(verdicts)
                .extracting(verdict -> verdict.candidate().snapshot().value())
                .containsExactly("2026-11-23T03:00:00Z", "2026-11-22T03:00:00Z", "2026-11-21T03:00:00Z");
        assertThat(verdicts).extracting(Verdict::isKept).containsExactly(true, false, false);
    }

    @Test
    void theLastAreKept() {
        nightly("2026-11-20", 5);
        assertThat(kept("last 2"))
                .containsExactly(
                        "2026-11-24T03:00:00Z: last snapshot, newest complete", "2026-11-23T03:00:00Z: last snapshot");
    }

    @Test
    void theNewestOfEachDayIsKeptAndDaysWithoutSnapshotsAreNotCounted() {
        complete("2026-11-10T03:00:00Z", "2026-11-23T01:00:00Z", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z");
        assertThat(kept("daily 3"))
                .containsExactly(
                        "2026-11-24T00:00:00Z: daily 2026-11-24, newest complete",
                        "2026-11-23T23:59:59Z: daily 2026-11-23",
                        "2026-11-10T03:00:00Z: daily 2026-11-10");
    }

    @Test
    void daysAreThoseOfTheZone() {
        // given 00:30 on the 24th in Berlin, and 23:30 on the 23rd
        complete("2026-11-23T23:30:00Z", "2026-11-23T22:30:00Z");

        // then
        assertThat(kept("daily 9")).hasSize(1);
        assertThat(kept(Policies.policy("daily 9", BERLIN)))
                .containsExactly(
                        "2026-11-23T23:30:00Z: daily 2026-11-24, newest complete",
                        "2026-11-23T22:30:00Z: daily 2026-11-23");
    }

    @Test
    void weeksBeginOnMondayAndBelongToTheYearOfTheirThursday() {
        // given a Sunday, the Monday after it, and days about a New Year on a Thursday
        complete("2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z");
        complete("2025-12-28T03:00:00Z", "2025-12-29T03:00:00Z", "2026-01-01T03:00:00Z");

        // then
        assertThat(kept("weekly 9"))
                .containsExactly(
                        "2026-11-23T03:00:00Z: weekly 2026-W48, newest complete",
                        "2026-11-22T03:00:00Z: weekly 2026-W47",
                        "2026-01-01T03:00:00Z: weekly 2026-W01",
                        "2025-12-28T03:00:00Z: weekly 2025-W52");
    }

    @Test
    void monthsAndYearsAreThoseOfTheCalendar() {
        complete("2024-02-29T03:00:00Z", "2024-03-01T03:00:00Z", "2025-02-28T03:00:00Z", "2025-02-27T03:00:00Z");
        assertThat(kept("monthly 2, yearly 2"))
                .containsExactly(
                        "2025-02-28T03:00:00Z: monthly 2025-02, yearly 2025, newest complete",
                        "2024-03-01T03:00:00Z: monthly 2024-03, yearly 2024");
    }

    @Test
    void theTwoHoursThatAClockShowsWhenItIsPutBackAreTwo() {
        // given 02:10 and 02:50 of summer time, then 02:10 and 02:50 an hour later
        complete("2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", "2026-10-25T01:50:00Z");

        // then
        assertThat(kept(Policies.policy("hourly 9", BERLIN)))
                .containsExactly(
                        "2026-10-25T01:50:00Z: hourly 2026-10-25T02+01:00, newest complete",
                        "2026-10-25T00:50:00Z: hourly 2026-10-25T02+02:00");
    }

    @Test
    void theHourThatAClockLeavesOutIsNoneAndCountsAsNone() {
        // given 01:59 and 03:00, a second between them
        complete("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z");

        // then
        assertThat(kept(Policies.policy("hourly 2", BERLIN)))
                .containsExactly(
                        "2026-03-29T01:00:00Z: hourly 2026-03-29T03+02:00, newest complete",
                        "2026-03-29T00:59:59Z: hourly 2026-03-29T01+01:00");
    }

    @Test
    void aDayThatIsShownTwiceIsOneDay() {
        // given St. John's, whose clock went from 00:01 on 7 November 2010 back to 23:01 on the 6th
        ZoneId stJohns = ZoneId.of("America/St_Johns");
        complete("2010-11-05T12:00:00Z"); // the 5th
        complete("2010-11-07T02:00:00Z"); // 23:30 on the 6th
        complete("2010-11-07T02:30:30Z"); // 00:00:30 on the 7th
        complete("2010-11-07T03:00:00Z"); // 23:30 on the 6th again
        complete("2010-11-07T12:00:00Z"); // the 7th again

        // then
        assertThat(kept(Policies.policy("daily 3", stJohns)))
                .containsExactly(
                        "2010-11-07T12:00:00Z: daily 2010-11-07, newest complete",
                        "2010-11-07T03:00:00Z: daily 2010-11-06",
                        "2010-11-05T12:00:00Z: daily 2010-11-05");
    }

    @Test
    void withinLooksBackFromTheNewestAndNotFromNow() {
        // given nothing since September
        nightly("2026-09-01", 10);

        // then eight nights: both ends are within
        assertThat(kept("within 7d")).hasSize(8).last().isEqualTo("2026-09-03T03:00:00Z: within 7d");
    }

    @Test
    void withinLooksBackFromTheNewestCompleteOneToFindCompleteOnes() {
        // given five complete nights, then five weeks that were not
        nightly("2026-10-01", 5);
        incomplete("2026-10-06T03:00:00Z", "2026-11-08T03:00:00Z", "2026-11-09T03:00:00Z");

        // then
        assertThat(kept("within 1d"))
                .containsExactly(
                        "2026-11-09T03:00:00Z: within 1d",
                        "2026-11-08T03:00:00Z: within 1d",
                        "2026-10-05T03:00:00Z: within 1d, newest complete",
                        "2026-10-04T03:00:00Z: within 1d");
    }

    @Test
    void aYearBeforeALeapDayIsTheLastOfFebruary() {
        complete("2024-02-29T03:00:00Z", "2023-02-28T03:00:00Z", "2023-02-28T02:59:59Z");
        assertThat(kept("within 1y"))
                .containsExactly("2024-02-29T03:00:00Z: within 1y, newest complete", "2023-02-28T03:00:00Z: within 1y");
    }

    @Test
    void incompleteNightsPushOutNoCompleteOnes() {
        // given
        nightly("2026-11-17", 3);
        incomplete("2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z");

        // then two of either
        assertThat(kept("last 2"))
                .containsExactly(
                        "2026-11-22T03:00:00Z: last snapshot",
                        "2026-11-21T03:00:00Z: last snapshot",
                        "2026-11-19T03:00:00Z: last snapshot, newest complete",
                        "2026-11-18T03:00:00Z: last snapshot");
    }

    @Test
    void ofADayWithALaterIncompleteSnapshotBothAreKept() {
        complete("2026-11-23T03:00:00Z");
        incomplete("2026-11-23T15:00:00Z");
        assertThat(kept("daily 1"))
                .containsExactly(
                        "2026-11-23T15:00:00Z: daily 2026-11-23",
                        "2026-11-23T03:00:00Z: daily 2026-11-23, newest complete");
    }

    @Test
    void theNewestCompleteSnapshotIsKeptWhateverThePolicySays() {
        nightly("2026-11-17", 3);
        incomplete("2026-11-20T03:00:00Z");
        assertThat(kept("tag none")).containsExactly("2026-11-19T03:00:00Z: newest complete");
    }

    @Test
    void whereNoneIsCompleteTheNewestIsKept() {
        incomplete("2026-11-19T03:00:00Z", "2026-11-20T03:00:00Z");
        assertThat(kept("tag none")).containsExactly("2026-11-20T03:00:00Z: newest");
    }

    @Test
    void pinnedAndTaggedOnesAreKept() {
        // given
        add("2026-01-01T03:00:00Z", false, Labels.of(true, Set.of()));
        add("2026-01-02T03:00:00Z", true, Labels.of(false, Set.of("audit", "other", "before-upgrade")));
        add("2026-01-03T03:00:00Z", true, Labels.of(false, Set.of("other")));
        nightly("2026-11-20", 1);

        // then
        assertThat(kept("tag audit, tag before-upgrade"))
                .containsExactly(
                        "2026-11-20T03:00:00Z: newest complete",
                        "2026-01-02T03:00:00Z: tag audit, tag before-upgrade",
                        "2026-01-01T03:00:00Z: pinned");
    }

    @Test
    void whatLiesInTheFutureIsKeptAndPushesNothingOut() {
        // given
        nightly("2026-11-20", 3);
        complete("2026-11-26T12:00:00Z", "2026-11-26T12:00:01Z", "2100-01-01T00:00:00Z");

        // then
        assertThat(kept("last 2, within 1h"))
                .containsExactly(
                        "2100-01-01T00:00:00Z: in the future",
                        "2026-11-26T12:00:01Z: in the future",
                        "2026-11-26T12:00:00Z: last snapshot, within 1h, newest complete",
                        "2026-11-22T03:00:00Z: last snapshot");
    }

    @Test
    void ofOneMomentTheHighestIdIsTheNewest() {
        // given
        Instant moment = Instant.parse("2026-11-20T03:00:00Z");
        for (String id : List.of("20261120T030000Z-5bbbbb", "20261120T030000Z-9ccccc", "20261120T030000Z-1aaaaa")) {
            candidates.add(new Candidate(new SnapshotId(id), moment, true, Labels.NONE));
        }

        // then
        assertThat(kept("daily 1")).containsExactly("20261120T030000Z-9ccccc: daily 2026-11-20, newest complete");
        assertThat(kept("within 1h")).hasSize(3);
    }
}
