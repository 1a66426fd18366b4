package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a pending object gets the copy of an earlier snapshot, in both databases alike. */
abstract class ReusedCopiesContract extends ClosingListingContract {

    private static final Instant UPDATED = Instant.parse("2026-11-20T10:00:00Z");

    private ReusedCopies reused;

    @BeforeEach
    void openTheReusedCopies() {
        reused = context().getBean(ReusedCopies.class);
    }

    private static ChangeToken token(@Nullable Instant updated) {
        return new ChangeToken(
                UPDATED.minusSeconds(9), updated, true, null, null, Map.of("b", "2", "a", "größe 🔑"), "text/plain");
    }

    private void listed(ObjectId id, boolean managed, ChangeToken token, @Nullable Instant readAt) {
        objects.plan(
                snapshot, 1, List.of(new PlannedObject(new VaultObject(id, token, managed), Outcome.PENDING, readAt)));
    }

    private static LedgerObject copy(ObjectId id, ChangeToken token, Instant calledAfter) {
        return new LedgerObject(
                new VaultObject(id, token, false),
                UPDATED.plusSeconds(50),
                3,
                new ObjectResult(
                        id,
                        Outcome.BACKED_UP,
                        0,
                        List.of(),
                        new ObjectResult.Blob(
                                "team-a/before/" + id + ".3", "v9", 77, "cd".repeat(32), UPDATED, calledAfter),
                        null));
    }

    @Test
    void whatIsInTheStateOfAnEarlierCopyTakesItOver() {
        // given
        ObjectId same = secret("same");
        listed(same, false, token(UPDATED), UPDATED.plusSeconds(99));
        LedgerObject copy = copy(same, token(UPDATED), UPDATED.plusSeconds(60));

        // when
        assertThat(reused.left(snapshot, 1)).containsExactly(ObjectKind.SECRET);
        assertThat(reused.reuse(snapshot, 1, List.of(copy))).isEqualTo(1);

        // then
        assertThat(reused.left(snapshot, 1)).isEmpty();
        assertThat(resultOf(same))
                .isEqualTo(new ObjectResult(
                        same, Outcome.UNCHANGED, 0, List.of(), copy.result().blob(), null));
        assertThat(objects.countPending(snapshot)).isZero();
        List<ObjectId> names = new ArrayList<>();
        reused.forEach(snapshot, names::add);
        assertThat(names).containsExactly(same);

        // and gives it back
        reused.undo(snapshot, 1);
        assertThat(resultOf(same)).isEqualTo(new ObjectResult(same, Outcome.PENDING, 0, null, null, null));
    }

    @Test
    void whatIsGivenBackIsNothingToFallBackOnEither() {
        // given
        ObjectId due = secret("due");
        listed(due, false, token(UPDATED), UPDATED.plusSeconds(99));
        reused.refresh(snapshot, 1, List.of(copy(due, token(UPDATED), UPDATED.plusSeconds(60))));

        // when
        reused.undo(snapshot, 1);

        // then
        assertThat(context().getBean(FormerCopies.class).putBack(snapshot, 1)).isEmpty();
        assertThat(resultOf(due)).isEqualTo(new ObjectResult(due, Outcome.PENDING, 0, null, null, null));
    }

    @Test
    void whateverDiffersOrWasReadTooEarlyIsCopied() {
        // given every part of the token changed, one at a time, and tokens that prove nothing
        Instant later = UPDATED.plusSeconds(99);
        ChangeToken before = token(UPDATED);
        List<UnaryOperator<ChangeToken>> changes = List.of(
                t -> new ChangeToken(later, t.updated(), true, null, null, t.tags(), t.contentType()),
                t -> new ChangeToken(null, t.updated(), true, null, null, t.tags(), t.contentType()),
                t -> token(UPDATED.plusSeconds(1)),
                t -> token(UPDATED.minusSeconds(1)),
                t -> token(null),
                t -> new ChangeToken(t.created(), t.updated(), false, null, null, t.tags(), t.contentType()),
                t -> new ChangeToken(t.created(), t.updated(), true, later, null, t.tags(), t.contentType()),
                t -> new ChangeToken(t.created(), t.updated(), true, null, later, t.tags(), t.contentType()),
                t -> new ChangeToken(t.created(), t.updated(), true, null, null, Map.of("a", "1"), t.contentType()),
                t -> new ChangeToken(t.created(), t.updated(), true, null, null, t.tags(), null));
        List<LedgerObject> copies = new ArrayList<>();
        for (int change = 0; change < changes.size(); change++) {
            ObjectId id = secret("changed-" + change);
            listed(id, false, changes.get(change).apply(before), later);
            copies.add(copy(id, before, UPDATED.plusSeconds(60)));
        }
        ObjectId early = secret("read-early");
        listed(early, false, before, UPDATED.plusMillis(1_999));
        ObjectId before60 = secret("read-before-the-call");
        listed(before60, false, before, UPDATED.plusSeconds(59));
        ObjectId unread = secret("read-never");
        listed(unread, false, before, null);
        ObjectId owned = secret("owned");
        listed(owned, true, before, later);
        for (ObjectId id : List.of(early, before60, unread, owned, secret("not-listed"))) {
            copies.add(copy(id, before, UPDATED.plusSeconds(60)));
        }

        // when
        assertThat(reused.reuse(snapshot, 1, copies)).isZero();

        // then
        assertThat(rows())
                .hasSize(changes.size() + 4)
                .allSatisfy(row -> assertThat(row.result().outcome())
                        .as(row.object().id().toString())
                        .isEqualTo(Outcome.PENDING));
        listed(secret("read-late-enough"), false, before, UPDATED.plusSeconds(2));
        reused.reuse(snapshot, 1, List.of(copy(secret("read-late-enough"), before, UPDATED.plusSeconds(2))));
        assertThat(outcomeOf(secret("read-late-enough"))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void aCertificateIsCopiedWhereOneOfItsPartsMayHaveChangedSince() {
        // given
        Instant called = UPDATED.plusSeconds(60);
        Map<String, Duration> partsUpdated = Map.of(
                "long-before", Duration.ofSeconds(2),
                "just-before", Duration.ofMillis(1_999),
                "after", Duration.ofSeconds(-5));
        partsUpdated.forEach((name, before) -> {
            listed(certificate(name), false, token(UPDATED), UPDATED.plusSeconds(99));
            listed(key(name), true, token(called.minus(before)), UPDATED.plusSeconds(99));
            reused.reuse(snapshot, 1, List.of(copy(certificate(name), token(UPDATED), called)));
            assertThat(outcomeOf(certificate(name))).isEqualTo(Outcome.UNCHANGED);
        });

        // when
        reused.copyCertificatesOfChangedParts(snapshot, 1);

        // then
        assertThat(outcomeOf(certificate("long-before"))).isEqualTo(Outcome.UNCHANGED);
        assertThat(outcomeOf(certificate("just-before"))).isEqualTo(Outcome.PENDING);
        assertThat(resultOf(certificate("after")).blob()).isNull();

        // and has the earlier copy where it can not be made
        context().getBean(FormerCopies.class).putBack(snapshot, 1);
        assertThat(outcomeOf(certificate("after"))).isEqualTo(Outcome.UNCHANGED);

        // and a relaunch leaves it so: the closing listing finds what moved
        runs.begin(request, 2, STARTED);
        reused.copyCertificatesOfChangedParts(snapshot, 2);
        assertThat(outcomeOf(certificate("after"))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void whatIsRefreshedFallsBackOnItsCopyAndIsRefreshedByTheRelaunch() {
        // given
        ObjectId due = secret("due");
        ObjectId changed = secret("changed");
        listed(due, false, token(UPDATED), UPDATED.plusSeconds(99));
        listed(changed, false, token(UPDATED.plusSeconds(9)), UPDATED.plusSeconds(99));
        List<LedgerObject> copies = List.of(
                copy(due, token(UPDATED), UPDATED.plusSeconds(60)),
                copy(changed, token(UPDATED), UPDATED.plusSeconds(60)));

        // when
        reused.refresh(snapshot, 1, copies);

        // then
        assertThat(resultOf(due)).isEqualTo(new ObjectResult(due, Outcome.PENDING, 0, null, null, null));
        assertThat(outcomeOf(changed)).isEqualTo(Outcome.PENDING);
        assertThat(reused.left(snapshot, 1))
                .as("what has nothing to fall back on")
                .containsExactly(ObjectKind.SECRET);

        // when it cannot be copied
        objects.record(
                snapshot,
                1,
                List.of(failed(due, FailureReason.UNAVAILABLE), failed(changed, FailureReason.UNAVAILABLE)));
        assertThat(context().getBean(FormerCopies.class).putBack(snapshot, 1))
                .extracting(Incident::subject)
                .containsExactly("secret/due");
        assertThat(resultOf(due).blob()).isEqualTo(copies.getFirst().result().blob());
        assertThat(outcomeOf(due)).isEqualTo(Outcome.UNCHANGED);
        assertThat(outcomeOf(changed)).isEqualTo(Outcome.FAILED);

        // then a relaunch makes it pending again
        runs.begin(request, 2, STARTED);
        reused.refresh(snapshot, 2, copies);
        assertThat(outcomeOf(due)).isEqualTo(Outcome.PENDING);
        objects.record(snapshot, 2, List.of(backedUp(due)));
        assertThat(context().getBean(FormerCopies.class).putBack(snapshot, 2)).isEmpty();
        assertThat(outcomeOf(due)).isEqualTo(Outcome.BACKED_UP);
        reused.refresh(snapshot, 2, copies);
        assertThat(outcomeOf(due)).as("what is copied stays so").isEqualTo(Outcome.BACKED_UP);
    }

    @Test
    void aRunThatBecomesFullKeepsEarlierCopiesToFallBackOn() {
        // given
        listed(certificate("site"), false, token(UPDATED), UPDATED.plusSeconds(99));
        reused.reuse(snapshot, 1, List.of(copy(certificate("site"), token(UPDATED), UPDATED.plusSeconds(60))));
        plan(Outcome.PENDING, true, key("site"));
        managed.followCertificates(snapshot, 1, true, false);
        assertThat(outcomeOf(key("site"))).isEqualTo(Outcome.COVERED_BY_CERTIFICATE);
        runs.begin(request, 2, STARTED);

        // when
        reused.copyAllAnew(snapshot, 2);

        // then
        assertThat(outcomeOf(certificate("site"))).isEqualTo(Outcome.PENDING);
        assertThat(outcomeOf(key("site"))).isEqualTo(Outcome.PENDING);
        context().getBean(FormerCopies.class).putBack(snapshot, 2);
        assertThat(outcomeOf(certificate("site"))).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void nothingIsTakenOverOnceALaterExecutionHasBegun() {
        // given
        listed(secret("same"), false, token(UPDATED), UPDATED.plusSeconds(99));
        runs.begin(request, 2, STARTED);

        // then
        assertThatIllegalStateException()
                .isThrownBy(() -> reused.reuse(
                        snapshot, 1, List.of(copy(secret("same"), token(UPDATED), UPDATED.plusSeconds(60)))));
        assertThat(outcomeOf(secret("same"))).isEqualTo(Outcome.PENDING);
        assertThatIllegalStateException().isThrownBy(() -> reused.refresh(snapshot, 1, List.of()));
        assertThatIllegalStateException().isThrownBy(() -> reused.undo(snapshot, 1));
        assertThatIllegalStateException().isThrownBy(() -> reused.copyAllAnew(snapshot, 1));
        assertThatIllegalStateException().isThrownBy(() -> reused.copyCertificatesOfChangedParts(snapshot, 1));
    }
}
