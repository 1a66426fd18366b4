package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How people look at the objects of runs, in both databases alike. */
abstract class ObjectPagesContract extends SummariesContract {

    private ObjectPages pages;

    @BeforeEach
    void openThePages() {
        pages = context().getBean(ObjectPages.class);
    }

    private List<ObjectId> all(ObjectPages.Filter filter, int limit) {
        List<ObjectId> read = new ArrayList<>();
        @Nullable ObjectId behind = null;
        List<LedgerObject> page;
        do {
            page = pages.page(snapshot, filter, behind, limit);
            page.forEach(row -> read.add(row.object().id()));
            behind = page.isEmpty() ? behind : page.getLast().object().id();
        } while (!page.isEmpty());
        return read;
    }

    @Test
    void theObjectsOfARunAreReadPageByPageEachOnceAndAsFiltered() {
        // given names whose order differs from collation to collation
        List<ObjectId> secrets = IntStream.range(0, 40)
                .mapToObj(number -> secret((number % 2 == 0 ? "a" : "B") + (number % 3 == 0 ? "-" : "") + number))
                .toList();
        plan(Outcome.PENDING, false, secrets.toArray(ObjectId[]::new));
        plan(Outcome.EXCLUDED, false, key("a0"), certificate("web"), certificate("Web-2"));
        objects.record(snapshot, 1, List.of(backedUp(secrets.get(4)), failed(secrets.get(5), FailureReason.NETWORK)));
        List<ObjectId> everything =
                rows().stream().map(row -> row.object().id()).toList();

        // when, then
        assertThat(all(ObjectPages.Filter.ALL, 7)).hasSize(43).containsExactlyInAnyOrderElementsOf(everything);
        assertThat(all(new ObjectPages.Filter(Outcome.PENDING, null, null), 5))
                .hasSize(38)
                .doesNotHaveDuplicates();
        assertThat(all(new ObjectPages.Filter(Outcome.FAILED, null, null), 5)).containsExactly(secrets.get(5));
        assertThat(all(new ObjectPages.Filter(null, ObjectKind.CERTIFICATE, null), 1))
                .containsExactlyInAnyOrder(certificate("web"), certificate("Web-2"));
        assertThat(all(new ObjectPages.Filter(null, null, "WEB"), 1)).hasSize(2);
        assertThat(all(new ObjectPages.Filter(null, ObjectKind.KEY, "A0"), 10)).containsExactly(key("a0"));
        assertThat(all(new ObjectPages.Filter(null, null, "%"), 10)).isEmpty();
        assertThat(all(new ObjectPages.Filter(Outcome.PENDING, ObjectKind.SECRET, "b-1"), 2))
                .containsExactlyInAnyOrder(secret("B-15"));
        assertThat(pages.page(snapshot, ObjectPages.Filter.ALL, null, 1_000))
                .containsExactlyInAnyOrderElementsOf(rows());
    }

    @Test
    void failuresAreGroupedByReasonWithTheMostFrequentFirst() {
        // given
        ObjectId[] ids =
                IntStream.range(0, 9).mapToObj(number -> secret("s" + number)).toArray(ObjectId[]::new);
        plan(Outcome.PENDING, false, ids);
        plan(Outcome.PENDING, false, key("k"));
        objects.record(
                snapshot,
                1,
                IntStream.range(0, 9)
                        .mapToObj(number ->
                                failed(ids[number], number < 6 ? FailureReason.THROTTLED : FailureReason.NETWORK))
                        .toList());
        objects.listed(snapshot, new Listing(ObjectKind.KEY, 3, failure(FailureReason.NETWORK, "It broke off.")));
        runs.note(
                snapshot,
                1,
                List.of(new Incident("the run itself", failure(FailureReason.DEADLINE, "Its time was up."))));

        // when
        List<ObjectPages.FailureGroup> failures = pages.failures(snapshot, 3);

        // then
        assertThat(failures)
                .extracting(ObjectPages.FailureGroup::reason)
                .containsExactly(FailureReason.THROTTLED, FailureReason.NETWORK, FailureReason.DEADLINE);
        assertThat(failures).extracting(ObjectPages.FailureGroup::count).containsExactly(6L, 4L, 1L);
        assertThat(failures.get(0).first())
                .extracting(ObjectPages.Failed::subject)
                .containsExactly("secret/s0", "secret/s1", "secret/s2");
        assertThat(failures.get(1).first())
                .extracting(ObjectPages.Failed::subject)
                .containsExactly("listing of keys", "secret/s6", "secret/s7");
        assertThat(failures.get(2).first())
                .extracting(ObjectPages.Failed::subject)
                .containsExactly("the run itself");
        assertThat(failures.get(0).first().getFirst().failure().message()).isEqualTo("The service's words.");
        assertThat(failures.get(1).first())
                .extracting(ObjectPages.Failed::attempts)
                .containsExactly(null, 1, 1);
        assertThat(pages.page(
                        snapshot, new ObjectPages.Filter(null, null, null, FailureReason.NETWORK), secret("s6"), 10))
                .extracting(row -> row.object().id())
                .containsExactly(secret("s7"), secret("s8"));
        assertThat(pages.failures(snapshot, 0)).allMatch(group -> group.first().isEmpty());

        // when it is relaunched, what the execution before told is its own
        runs.begin(request, 2, READ_AT);
        assertThat(pages.failures(snapshot, 3))
                .extracting(ObjectPages.FailureGroup::reason)
                .containsExactly(FailureReason.THROTTLED, FailureReason.NETWORK);
    }

    @Test
    void theObjectsWithTheMostVersionsComeFirst() {
        // given
        plan(Outcome.PENDING, false, secret("few"), secret("many"), secret("some"), secret("unknown"), key("many"));
        objects.record(
                snapshot,
                1,
                List.of(versions(secret("few"), 1), versions(secret("many"), 499), versions(secret("some"), 20)));
        objects.record(snapshot, 1, List.of(versions(key("many"), 499)));

        // when, then
        assertThat(pages.mostVersions(snapshot, 3))
                .extracting(row -> row.object().id())
                .containsExactly(key("many"), secret("many"), secret("some"));
        assertThat(pages.mostVersions(snapshot, 10)).hasSize(4);
    }

    private static ObjectResult versions(ObjectId id, int count) {
        return new ObjectResult(
                id,
                Outcome.FAILED,
                1,
                Collections.nCopies(count, new ObjectVersion("0123", true, READ_AT, null)),
                null,
                failure(FailureReason.NETWORK, "It broke off."));
    }

    @Test
    void anObjectIsFollowedThroughTheRunsOfItsVault() {
        // given
        ObjectId followed = secret("followed");
        for (int number = 0; number < 4; number++) {
            RunRequest run = night(number);
            runs.begin(run, 1, run.scheduledFor());
            objects.plan(
                    run.snapshot(),
                    1,
                    List.of(
                            new PlannedObject(object(followed, false), Outcome.PENDING, READ_AT),
                            new PlannedObject(object(key("followed"), false), Outcome.PENDING, READ_AT)));
            objects.record(
                    run.snapshot(),
                    1,
                    List.of(number == 1 ? failed(followed, FailureReason.NETWORK) : backedUp(followed)));
            end(run, 1, number == 1 ? RunStatus.INCOMPLETE : RunStatus.COMPLETE);
        }

        // when
        List<ObjectPages.InRun> history = pages.history(vault, followed, 10);

        // then
        assertThat(history)
                .hasSize(4)
                .allMatch(one -> one.object().object().id().equals(followed))
                .extracting(one -> one.object().result().outcome())
                .containsExactly(Outcome.BACKED_UP, Outcome.BACKED_UP, Outcome.FAILED, Outcome.BACKED_UP);
        assertThat(history).extracting(ObjectPages.InRun::scheduledFor).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(history.get(2).status()).isEqualTo(RunStatus.INCOMPLETE);
        assertThat(history.get(3).snapshot()).isEqualTo(night(0).snapshot());
        assertThat(pages.history(vault, followed, 2)).isEqualTo(history.subList(0, 2));
        assertThat(pages.history(vault, secret("never"), 2)).isEmpty();
    }
}
