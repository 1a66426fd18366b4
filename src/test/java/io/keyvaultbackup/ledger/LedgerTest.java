package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What both databases must do alike. */
abstract class LedgerTest extends OldRunsContract {

    @Test
    void aPlanMayBeRepeatedAndChangesNothingThatIsThere() {
        // given
        plan(Outcome.PENDING, false, secret("a"), secret("b"));
        objects.record(snapshot, 1, List.of(backedUp(secret("a"))));

        // when
        plan(Outcome.EXCLUDED, true, secret("a"), secret("b"), secret("c"));

        // then
        assertThat(objects.counts(snapshot))
                .isEqualTo(Map.of(Outcome.BACKED_UP, 1L, Outcome.PENDING, 1L, Outcome.EXCLUDED, 1L));
        assertThat(rows()).extracting(row -> row.object().managed()).containsExactly(false, false, true);
    }

    @Test
    void pendingObjectsComeInPagesByNameAndEveryOneOnce() {
        // given 1,201 secrets in random order, every third of which is done, and other things
        long seed = System.nanoTime();
        List<ObjectId> all = new ArrayList<>(IntStream.range(0, 1_201)
                .mapToObj(number -> secret("name-%04d".formatted(number)))
                .toList());
        Collections.shuffle(all, new Random(seed));
        plan(Outcome.PENDING, false, all.toArray(ObjectId[]::new));
        plan(Outcome.PENDING, false, key("name-0000"));
        plan(Outcome.PENDING, true, secret("owned"));
        plan(Outcome.EXCLUDED, false, secret("excluded"));

        // when
        List<Integer> pages = new ArrayList<>();
        List<PendingObject> read = new ArrayList<>();
        String after = "";
        List<PendingObject> page;
        do {
            page = objects.pending(snapshot, ObjectKind.SECRET, after);
            pages.add(page.size());
            read.addAll(page);
            after = page.isEmpty() ? after : page.getLast().id().name();
        } while (!page.isEmpty());

        // then
        assertThat(pages).as("seed %d", seed).containsExactly(500, 500, 201, 0);
        assertThat(read)
                .extracting(PendingObject::id)
                .containsExactlyElementsOf(all.stream().sorted().toList());
        assertThat(read.getFirst().token()).isEqualTo(object(secret("x"), false).token());
        assertThat(objects.countPending(snapshot)).isEqualTo(1_202);
        assertThat(rows()).hasSize(1_204).extracting(row -> row.object().id()).isSorted();
    }

    @Test
    void namesThatMixCasesAndDashesAreReadOnceInAnyCollation() {
        // given names whose order differs from collation to collation
        List<ObjectId> ids = new ArrayList<>();
        for (int number = 0; number < 1_100; number++) {
            ids.add(secret((number % 2 == 0 ? "a" : "B") + (number % 3 == 0 ? "-" : "") + number));
        }
        plan(Outcome.PENDING, false, ids.toArray(ObjectId[]::new));

        // when, then
        assertThat(rows()).extracting(row -> row.object().id()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aResultIsRecordedWhole() {
        // given
        plan(Outcome.PENDING, false, secret("a"));
        String words = "größer 数 🔑 ".repeat(1_000);
        ObjectResult failed = new ObjectResult(
                secret("a"), Outcome.FAILED, 3, List.of(), null, failure(FailureReason.UNKNOWN, words));
        ObjectResult backedUp = new ObjectResult(
                secret("a"),
                Outcome.BACKED_UP,
                2,
                List.of(new ObjectVersion("0123", false, READ_AT, null)),
                new ObjectResult.Blob("blob", null, 3_000_000_000L, "ab".repeat(32), READ_AT, STARTED),
                null);

        // when, then: a message of many bytes
        objects.record(snapshot, 1, List.of(failed));
        assertThat(rows()).containsExactly(new LedgerObject(object(secret("a"), false), READ_AT, 1, failed));

        // when, then: a blob, after a relaunch
        objects.retryFailed(snapshot);
        objects.record(snapshot, 2, List.of(backedUp));
        assertThat(rows())
                .containsExactly(new LedgerObject(
                        object(secret("a"), false),
                        READ_AT,
                        2,
                        new ObjectResult(
                                secret("a"), Outcome.BACKED_UP, 5, backedUp.versions(), backedUp.blob(), null)));
    }

    @Test
    void whatWasRecordedIsNotRecordedAgainAndNothingBesideIt() {
        // given
        plan(Outcome.PENDING, false, secret("a"), secret("b"));
        objects.record(snapshot, 1, List.of(backedUp(secret("a"))));
        List<LedgerObject> before = rows();

        // when, then
        assertThatThrownBy(() -> objects.record(
                        snapshot, 2, List.of(backedUp(secret("b")), failed(secret("a"), FailureReason.NETWORK))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("secret/a of run " + snapshot + " is no longer pending");
        assertThatThrownBy(() -> objects.record(snapshot, 2, List.of(backedUp(secret("unknown")))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void whatACertificateOwnsFollowsIt() {
        // given
        objects.listed(snapshot, new Listing(ObjectKind.CERTIFICATE, 5, null));
        plan(Outcome.PENDING, false, certificate("good"), certificate("bad"), certificate("gone"));
        plan(Outcome.UNCHANGED, false, certificate("same"));
        plan(Outcome.EXCLUDED, false, certificate("out"));
        for (String name : List.of("good", "bad", "gone", "same", "out", "late")) {
            plan(Outcome.PENDING, true, secret(name), key(name));
        }
        plan(Outcome.PENDING, false, secret("alone"));
        objects.record(
                snapshot,
                1,
                List.of(
                        backedUp(certificate("good")),
                        failed(certificate("bad"), FailureReason.THROTTLED),
                        new ObjectResult(certificate("gone"), Outcome.DELETED_DURING_RUN, 1, null, null, null)));

        // when
        managed.followCertificates(snapshot, 3, true, true);

        // then
        for (ObjectKind kind : List.of(ObjectKind.SECRET, ObjectKind.KEY)) {
            assertThat(outcomeOf(new ObjectId(kind, "good"))).isEqualTo(Outcome.COVERED_BY_CERTIFICATE);
            assertThat(outcomeOf(new ObjectId(kind, "same"))).isEqualTo(Outcome.COVERED_BY_CERTIFICATE);
            assertThat(outcomeOf(new ObjectId(kind, "gone"))).isEqualTo(Outcome.DELETED_DURING_RUN);
            assertThat(outcomeOf(new ObjectId(kind, "out"))).isEqualTo(Outcome.EXCLUDED);
            assertThat(reasonOf(new ObjectId(kind, "bad"))).isEqualTo(FailureReason.CERTIFICATE_NOT_BACKED_UP);
            assertThat(reasonOf(new ObjectId(kind, "late"))).isEqualTo(FailureReason.CERTIFICATE_NOT_LISTED);
        }
        assertThat(outcomeOf(secret("alone"))).isEqualTo(Outcome.PENDING);
        assertThat(rows()).filteredOn(row -> row.object().managed()).hasSize(12).allMatch(row -> row.execution() == 3);
    }

    @Test
    void withoutCertificatesInTheSelectionWhatTheyOwnIsExcluded() {
        // given
        plan(Outcome.PENDING, true, secret("web"), key("web"));

        // when
        managed.followCertificates(snapshot, 1, false, true);

        // then
        assertThat(objects.counts(snapshot)).isEqualTo(Map.of(Outcome.EXCLUDED, 2L));
    }

    @Test
    void whenTheCertificatesCouldNotBeListedWhatTheyOwnIsNotBackedUp() {
        // given
        objects.listed(
                snapshot, new Listing(ObjectKind.CERTIFICATE, 0, failure(FailureReason.ROLE_MISSING, "No role.")));
        plan(Outcome.PENDING, true, secret("web"));

        // when
        managed.followCertificates(snapshot, 1, true, true);

        // then
        assertThat(reasonOf(secret("web"))).isEqualTo(FailureReason.CERTIFICATE_NOT_BACKED_UP);
        assertThat(objects.reasons(snapshot))
                .isEqualTo(Set.of(FailureReason.ROLE_MISSING, FailureReason.CERTIFICATE_NOT_BACKED_UP));
    }

    @Test
    void aRelaunchTurnsFailedIntoPendingAndForgetsWhy() {
        // given
        Listing complete = new Listing(ObjectKind.CERTIFICATE, 1, null);
        objects.listed(snapshot, complete);
        plan(Outcome.PENDING, false, secret("a"), secret("b"));
        objects.record(snapshot, 1, List.of(backedUp(secret("a")), failed(secret("b"), FailureReason.NETWORK)));

        // when
        objects.retryFailed(snapshot);

        // then
        assertThat(outcomeOf(secret("a"))).isEqualTo(Outcome.BACKED_UP);
        assertThat(resultOf(secret("b")))
                .isEqualTo(new ObjectResult(secret("b"), Outcome.PENDING, 1, null, null, null));
        assertThat(objects.listings(snapshot)).containsExactly(complete);
        assertThat(objects.reasons(snapshot)).isEmpty();
        assertThat(objects.incidents(snapshot, 10)).isEmpty();
    }

    @Test
    void aRelaunchListsTheCertificatesAgainIfOneAppearedMeanwhile() {
        // given
        objects.listed(snapshot, new Listing(ObjectKind.CERTIFICATE, 0, null));
        objects.listed(snapshot, new Listing(ObjectKind.SECRET, 1, null));
        plan(Outcome.PENDING, true, secret("late"));
        managed.followCertificates(snapshot, 1, true, true);

        // when
        objects.retryFailed(snapshot);

        // then
        assertThat(objects.completelyListed(snapshot)).isEqualTo(Set.of(ObjectKind.SECRET));
        assertThat(outcomeOf(secret("late"))).isEqualTo(Outcome.PENDING);
    }

    @Test
    void incidentsAreListingsThenObjectsByKindAndNameAndNoMoreThanAsked() {
        // given
        objects.listed(snapshot, new Listing(ObjectKind.KEY, 3, failure(FailureReason.FIREWALL, "No.")));
        objects.listed(snapshot, new Listing(ObjectKind.KEY, 4, failure(FailureReason.FIREWALL, "Still no.")));
        objects.listed(snapshot, new Listing(ObjectKind.SECRET, 3, failure(FailureReason.FIREWALL, "No.")));
        objects.listed(snapshot, new Listing(ObjectKind.CERTIFICATE, 0, failure(FailureReason.FIREWALL, "No.")));
        plan(Outcome.PENDING, false, certificate("a"), secret("b"), secret("a"), key("a"));
        objects.record(
                snapshot,
                1,
                List.of(
                        failed(secret("b"), FailureReason.NETWORK),
                        failed(certificate("a"), FailureReason.NETWORK),
                        failed(secret("a"), FailureReason.TIMED_OUT),
                        failed(key("a"), FailureReason.NETWORK)));

        // when, then
        assertThat(objects.incidents(snapshot, 100))
                .extracting(Incident::subject)
                .startsWith("listing of secrets and certificates", "listing of keys")
                .containsSubsequence("secret/a", "secret/b")
                .containsExactlyInAnyOrder(
                        "listing of secrets and certificates",
                        "listing of keys",
                        "secret/a",
                        "secret/b",
                        "key/a",
                        "certificate/a");
        assertThat(objects.incidents(snapshot, 3)).hasSize(3);
        assertThat(objects.incidents(snapshot, 1))
                .extracting(Incident::subject)
                .containsExactly("listing of secrets and certificates");
        assertThat(objects.incidents(snapshot, 0)).isEmpty();
        assertThat(objects.incidents(snapshot, 2).getLast().failure().message()).isEqualTo("Still no.");
        assertThat(objects.reasons(snapshot))
                .isEqualTo(Set.of(FailureReason.FIREWALL, FailureReason.NETWORK, FailureReason.TIMED_OUT));
    }

    @Test
    void aRunBeginsEndsAndIsFoundAgain() {
        // given
        Selection selection =
                new Selection(EnumSet.of(ObjectKind.KEY, ObjectKind.SECRET), List.of("app-*", "größe"), List.of());
        var other = newRequest(selection);
        SnapshotId id = other.snapshot();
        var first = new RunRecord.Execution(1, STARTED, READ_AT, RunStatus.INCOMPLETE, null, READ_AT, 1_234, 5);

        // when, then
        assertThat(runs.find(id)).isEmpty();
        runs.begin(other, 1, STARTED);
        assertThat(runs.find(id).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(runs.find(id).orElseThrow().latest())
                .isEqualTo(new RunRecord.Execution(1, STARTED, null, RunStatus.RUNNING, null, null, 0, 0));
        runs.end(id, first);
        runs.begin(other, 2, READ_AT);
        var second = new RunRecord.Execution(2, READ_AT, READ_AT, RunStatus.COMPLETE, "manifest", STARTED, 1, 0);
        runs.end(id, second);
        assertThat(runs.find(id)).contains(new RunRecord(id, other, RunStatus.COMPLETE, List.of(first, second)));
        assertThat(runs.find(snapshot).orElseThrow().executions()).hasSize(1);
        assertThatThrownBy(() -> runs.begin(other, 2, READ_AT))
                .isInstanceOf(org.springframework.dao.DuplicateKeyException.class);
    }

    @Test
    void theLatestRunsComeFirst() {
        // given
        var newer = newRequest(Selection.everything());
        runs.begin(newer, 1, STARTED);

        // when, then
        assertThat(runs.latest(2)).extracting(RunRecord::snapshot).containsExactly(newer.snapshot(), snapshot);
    }

    @Test
    void aPrefixIsTakenLiterally() {
        // when, then
        String id = snapshot.value();
        assertThat(runs.startingWith(id)).extracting(RunRecord::snapshot).containsExactly(snapshot);
        assertThat(runs.startingWith(id.substring(0, 12)))
                .extracting(RunRecord::snapshot)
                .contains(snapshot);
        assertThat(runs.startingWith("%")).isEmpty();
        assertThat(runs.startingWith("_" + id.substring(1))).isEmpty();
        assertThat(runs.startingWith(id + "0")).isEmpty();
    }
}
