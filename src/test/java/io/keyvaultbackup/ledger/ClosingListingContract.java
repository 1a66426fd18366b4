package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a closing listing finds, in both databases alike. */
abstract class ClosingListingContract extends LedgerContract {

    private static final Instant UPDATED = Instant.parse("2026-11-24T03:00:00Z");

    /** Later than all that is copied or listed, if nothing else is said. */
    private static final Instant MOMENT = UPDATED.plusSeconds(3_600);

    private static final Instant LATER = UPDATED.plusSeconds(60);

    private ClosingListing closing;

    @BeforeEach
    void openTheClosingListing() {
        closing = context().getBean(ClosingListing.class);
    }

    private static PlannedObject listed(ObjectId id, boolean managed, Instant updated, Map<String, String> tags) {
        return listed(id, managed, updated, tags, null);
    }

    private static PlannedObject listed(
            ObjectId id, boolean managed, Instant updated, Map<String, String> tags, @Nullable String contentType) {
        ChangeToken token = new ChangeToken(UPDATED.minusSeconds(99), updated, true, null, null, tags, contentType);
        return new PlannedObject(new VaultObject(id, token, managed), Outcome.PENDING, updated.plusSeconds(5));
    }

    private static PlannedObject listed(ObjectId id) {
        return listed(id, false, UPDATED, Map.of());
    }

    /** Copied, and its call began so long after it was updated. */
    private void copied(ObjectId id, @Nullable Duration calledAfter) {
        copied(listed(id), calledAfter);
    }

    private void copied(PlannedObject planned, @Nullable Duration calledAfter) {
        objects.plan(snapshot, 1, List.of(planned));
        objects.record(
                snapshot,
                1,
                List.of(new ObjectResult(
                        planned.object().id(),
                        Outcome.BACKED_UP,
                        1,
                        List.of(),
                        new ObjectResult.Blob(
                                "blob",
                                null,
                                5,
                                "ab".repeat(32),
                                READ_AT,
                                calledAfter == null ? null : UPDATED.plus(calledAfter)),
                        null)));
    }

    private void copied(ObjectId id) {
        copied(id, Duration.ofSeconds(2));
    }

    private List<String> moving() {
        List<String> moving = closing.moving(snapshot, 1, MOMENT, true).stream()
                .map(Moving::toString)
                .sorted()
                .toList();
        return moving;
    }

    private void list(PlannedObject... listed) {
        closing.begin(snapshot, 1);
        closing.add(snapshot, 1, List.of(listed));
    }

    @Test
    void whatIsListedInTheStateOfItsCopyDoesNotMove() {
        copied(secret("a"));
        copied(key("a"));

        list(listed(secret("a")), listed(key("a")));

        assertThat(moving()).isEmpty();
    }

    @Test
    void whatWasChangedJustBeforeTheMomentMovesThoughItWasCalledLater() {
        copied(secret("a"), Duration.ofSeconds(9));
        list(listed(secret("a")));

        assertThat(closing.moving(snapshot, 1, UPDATED.plusSeconds(2), true)).isEmpty();
        assertThat(closing.moving(snapshot, 1, UPDATED.plusMillis(1_999), true)).hasToString("[secret/a changed]");
    }

    @Test
    void equalTagsAreEqualInWhateverOrder() {
        Map<String, String> tags =
                Map.of("a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8");
        objects.plan(snapshot, 1, List.of(listed(secret("a"), true, UPDATED, tags)));

        list(listed(secret("a"), true, UPDATED, new java.util.TreeMap<>(tags).descendingMap()));

        assertThat(moving()).isEmpty();
    }

    @Test
    void whatHasAnotherTokenOrWasCalledTooSoonAfterItsLastChangeMoves() {
        copied(secret("same"));
        copied(secret("updated"));
        copied(secret("tagged"));
        copied(secret("typed"));
        copied(secret("soon"), Duration.ofMillis(1_999));
        copied(secret("untold"), null);

        list(
                listed(secret("same")),
                listed(secret("updated"), false, LATER, Map.of()),
                listed(secret("tagged"), false, UPDATED, Map.of("team", "a")),
                listed(secret("typed"), false, UPDATED, Map.of(), "text/plain"),
                listed(secret("soon")),
                listed(secret("untold")));

        assertThat(moving())
                .containsExactly(
                        "secret/soon changed",
                        "secret/tagged changed",
                        "secret/typed changed",
                        "secret/untold changed",
                        "secret/updated changed");
    }

    @Test
    void whatAppearedVanishedOrCameBackMovesAndIsPlannedAnew() {
        copied(secret("stays"));
        copied(secret("vanishes"));
        objects.plan(snapshot, 1, List.of(listed(secret("gone")), listed(secret("failed")), listed(secret("back"))));
        objects.record(
                snapshot,
                1,
                List.of(
                        gone(secret("gone")),
                        gone(secret("back")),
                        failed(secret("failed"), io.keyvaultbackup.vault.FailureReason.UNAVAILABLE)));

        list(listed(secret("stays")), listed(secret("back"), false, LATER, Map.of()), listed(secret("new")));

        assertThat(moving()).containsExactly("secret/back appeared", "secret/new appeared", "secret/vanishes vanished");

        // when
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));

        // then
        assertThat(objects.counts(snapshot))
                .isEqualTo(Map.of(
                        Outcome.BACKED_UP,
                        1L,
                        Outcome.PENDING,
                        2L,
                        Outcome.DELETED_DURING_RUN,
                        2L,
                        Outcome.FAILED,
                        1L));
        LedgerObject vanished = row(secret("vanishes"));
        assertThat(vanished.result().outcome()).isEqualTo(Outcome.DELETED_DURING_RUN);
        assertThat(vanished.result().blob()).isNull();
        assertThat(vanished.execution()).isEqualTo(1);
        assertThat(row(secret("back")).object().token().updated()).isEqualTo(LATER);
        assertThat(row(secret("back")).readAt()).isEqualTo(LATER.plusSeconds(5));
        assertThat(row(secret("new")).object()).isEqualTo(listed(secret("new")).object());

        // and the pending ones alone are left
        assertThat(moving()).isEmpty();
        assertThat(objects.countPending(snapshot)).isEqualTo(2);
    }

    @Test
    void whatChangedIsPendingInItsNewState() {
        copied(secret("a"));
        copied(secret("b"));
        list(listed(secret("a"), false, LATER, Map.of("team", "a")), listed(secret("b")));

        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));

        LedgerObject changed = row(secret("a"));
        assertThat(changed.result().outcome()).isEqualTo(Outcome.PENDING);
        assertThat(changed.result().blob()).isNull();
        assertThat(changed.object())
                .isEqualTo(
                        listed(secret("a"), false, LATER, Map.of("team", "a")).object());
        assertThat(row(secret("b")).result().outcome()).isEqualTo(Outcome.BACKED_UP);
        assertThat(row(secret("b")).result().blob()).isNotNull();
    }

    @Test
    void anotherContentTypeAloneIsAChangeAndComesAndGoesWithTheState() {
        // given two copies of secrets that have a content type, and one of before it was recorded
        FormerCopies former = context().getBean(FormerCopies.class);
        copied(listed(secret("same"), false, UPDATED, Map.of(), "text/plain"), Duration.ofSeconds(2));
        copied(listed(secret("other"), false, UPDATED, Map.of(), "text/plain"), Duration.ofSeconds(2));
        copied(secret("unrecorded"));

        // when
        list(
                listed(secret("same"), false, UPDATED, Map.of(), "text/plain"),
                listed(secret("other"), false, UPDATED, Map.of(), "text/html"),
                listed(secret("unrecorded"), false, UPDATED, Map.of(), "text/plain"));

        // then
        assertThat(moving()).containsExactly("secret/other changed", "secret/unrecorded changed");

        // and when
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));

        // then the new one is planned
        assertThat(row(secret("other")).object().token().contentType()).isEqualTo("text/html");
        assertThat(row(secret("unrecorded")).object().token().contentType()).isEqualTo("text/plain");

        // and the former one comes back with its copy
        former.putBack(snapshot, 1);
        assertThat(row(secret("other")).object().token().contentType()).isEqualTo("text/plain");
        assertThat(row(secret("unrecorded")).object().token().contentType()).isNull();
        assertThat(row(secret("same")).result().outcome()).isEqualTo(Outcome.BACKED_UP);
    }

    @Test
    void aCertificateMovesWithTheKeyAndTheSecretThatItOwns() {
        // given three certificates: one as it was, one whose secret changed, one whose key was touched just before the
        // call
        for (String name : List.of("same", "changed", "soon")) {
            copied(certificate(name));
            objects.plan(
                    snapshot,
                    1,
                    List.of(
                            listed(secret(name), true, UPDATED, Map.of()),
                            listed(key(name), true, UPDATED.plusSeconds(name.equals("soon") ? 1 : 0), Map.of())));
        }
        managed.followCertificates(snapshot, 1, true, false);

        // when
        list(
                listed(certificate("same")),
                listed(secret("same"), true, UPDATED, Map.of()),
                listed(key("same"), true, UPDATED, Map.of()),
                listed(certificate("changed")),
                listed(secret("changed"), true, LATER, Map.of()),
                listed(key("changed"), true, UPDATED, Map.of()),
                listed(certificate("soon")),
                listed(secret("soon"), true, UPDATED, Map.of()),
                listed(key("soon"), true, UPDATED.plusSeconds(1), Map.of()));

        // then
        assertThat(moving())
                .containsExactly("certificate/changed changed", "certificate/soon changed", "secret/changed changed");

        // and when
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));
        assertThat(objects.counts(snapshot))
                .isEqualTo(Map.of(Outcome.BACKED_UP, 1L, Outcome.COVERED_BY_CERTIFICATE, 2L, Outcome.PENDING, 6L));
        assertThat(row(secret("changed")).object().token().updated()).isEqualTo(LATER);
    }

    @Test
    void aVanishedCertificateTakesItsKeyAndSecretAlong() {
        copied(certificate("site"));
        objects.plan(
                snapshot,
                1,
                List.of(listed(secret("site"), true, UPDATED, Map.of()), listed(key("site"), true, UPDATED, Map.of())));

        list();

        assertThat(moving()).containsExactly("certificate/site vanished", "key/site vanished", "secret/site vanished");
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));
        assertThat(objects.counts(snapshot)).isEqualTo(Map.of(Outcome.DELETED_DURING_RUN, 3L));
        assertThat(moving()).isEmpty();
    }

    @Test
    void aCopyIsPutBackOnlyWhereNoBetterOneWasMade() {
        // given two that changed and one that vanished, of which one got a new copy
        FormerCopies former = context().getBean(FormerCopies.class);
        copied(secret("renewed"));
        copied(secret("refused"));
        copied(secret("vanished"));
        list(listed(secret("renewed"), false, LATER, Map.of()), listed(secret("refused"), false, LATER, Map.of()));
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));
        objects.record(
                snapshot,
                1,
                List.of(
                        backedUp(secret("renewed")),
                        failed(secret("refused"), io.keyvaultbackup.vault.FailureReason.UNAVAILABLE)));

        // when
        var incidents = former.putBack(snapshot, 1);

        // then
        assertThat(incidents).extracting(incident -> incident.subject()).containsExactly("secret/refused");
        assertThat(row(secret("renewed")).object().token().updated()).isEqualTo(LATER);
        LedgerObject back = row(secret("refused"));
        assertThat(back.object()).isEqualTo(listed(secret("refused")).object());
        assertThat(back.result().outcome()).isEqualTo(Outcome.BACKED_UP);
        assertThat(back.result().blob()).isNotNull();
        assertThat(back.result().failure()).isNull();
        assertThat(row(secret("vanished")).result().outcome()).isEqualTo(Outcome.DELETED_DURING_RUN);

        // and when what vanished comes back and cannot be copied
        list(
                listed(secret("renewed"), false, LATER, Map.of()),
                listed(secret("refused")),
                listed(secret("vanished"), false, LATER, Map.of()));
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));
        assertThat(row(secret("vanished")).result().outcome()).isEqualTo(Outcome.PENDING);
        assertThat(former.putBack(snapshot, 1))
                .anySatisfy(incident -> assertThat(incident.subject()).isEqualTo("secret/vanished"));
        assertThat(row(secret("vanished")).result().outcome()).isEqualTo(Outcome.BACKED_UP);
        assertThat(row(secret("vanished")).object().token().updated()).isEqualTo(UPDATED);

        // and none is left in the end
        former.forget(snapshot, 1);
        assertThat(former.putBack(snapshot, 1)).isEmpty();
    }

    @Test
    void whatACertificateTakesOverWaitsForItAndIsNotPutBack() {
        FormerCopies former = context().getBean(FormerCopies.class);
        copied(secret("taken"));
        list(listed(certificate("taken")), listed(secret("taken"), true, LATER, Map.of()));

        assertThat(moving()).containsExactly("certificate/taken appeared", "secret/taken changed");
        closing.planAnew(snapshot, 1, closing.moving(snapshot, 1, MOMENT, true));

        assertThat(former.putBack(snapshot, 1)).isEmpty();
        assertThat(row(secret("taken")).object().managed()).isTrue();
        assertThat(row(secret("taken")).result().outcome()).isEqualTo(Outcome.PENDING);
        assertThat(objects.countPending(snapshot)).isEqualTo(1);
        assertThat(moving()).isEmpty();
    }

    @Test
    void aSecretThatTakesTheNameOfOneThatACertificateOwnedAppears() {
        // given a run that is not about certificates
        objects.plan(snapshot, 1, List.of(listed(secret("owned"), true, UPDATED, Map.of())));
        list(listed(secret("owned"), false, LATER, Map.of()));

        assertThat(closing.moving(snapshot, 1, MOMENT, false).toString()).isEqualTo("[secret/owned appeared]");
        assertThat(closing.moving(snapshot, 1, MOMENT, true).toString()).isEqualTo("[secret/owned changed]");
    }

    @Test
    void whoHasBeenOvertakenByALaterExecutionChangesNothing() {
        copied(secret("a"));
        list(listed(secret("b")));
        var moving = closing.moving(snapshot, 1, MOMENT, true);
        runs.begin(request, 2, STARTED);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> closing.planAnew(snapshot, 1, moving))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a later execution");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> context().getBean(FormerCopies.class).putBack(snapshot, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThat(row(secret("a")).result().outcome()).isEqualTo(Outcome.BACKED_UP);

        // and its listing is not taken for the later one's, nor deletes that
        closing.add(snapshot, 2, List.of(listed(secret("a"))));
        closing.begin(snapshot, 1);
        assertThat(closing.moving(snapshot, 2, MOMENT, true)).isEmpty();
    }

    @Test
    void whatIsLeftOutDoesNotMove() {
        objects.plan(
                snapshot, 1, List.of(new PlannedObject(listed(secret("other")).object(), Outcome.EXCLUDED, READ_AT)));

        list();

        assertThat(moving()).isEmpty();
    }

    @Test
    void otherRunsListingsAreLeftAlone() {
        list(listed(secret("a")));
        snapshot = newRequest(io.keyvaultbackup.run.Selection.everything()).snapshot();

        assertThat(moving()).isEmpty();
        closing.begin(snapshot, 1);
        snapshot = request.snapshot();
        assertThat(moving()).containsExactly("secret/a appeared");
    }

    private static ObjectResult gone(ObjectId id) {
        return new ObjectResult(id, Outcome.DELETED_DURING_RUN, 1, null, null, null);
    }

    private LedgerObject row(ObjectId id) {
        return rows().stream()
                .filter(row -> row.object().id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
