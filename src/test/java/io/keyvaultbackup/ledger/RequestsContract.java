package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.Requests.After;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Request.State;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators ask for, and who does it, in both databases alike. */
abstract class RequestsContract extends RunProgressNotesContract {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Set<RequestedAction> ANY = EnumSet.allOf(RequestedAction.class);
    private static final VaultAddress TEAM_A = VaultAddress.parse("https://team-a.vault.azure.net");
    private static final VaultAddress TEAM_B = VaultAddress.parse("https://team-b.vault.azure.net");
    private static final List<VaultAddress> BOTH = List.of(TEAM_A, TEAM_B);
    private static final SnapshotId RUN = new SnapshotId("20261124T030000Z-4f2a9c");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123456Z");

    private Requests requests;

    @BeforeEach
    void openTheRequests() {
        requests = context().getBean(Requests.class);
        jdbc().sql("DELETE FROM dashboard_request").update(); // each test is alone
    }

    private JdbcClient jdbc() {
        return context().getBean(JdbcClient.class);
    }

    private Request add(Wish wish) {
        return add(wish, NOW);
    }

    private Request add(Wish wish, Instant at) {
        return requests.add(wish, "someone@example.com", at, null).orElseThrow();
    }

    private Optional<Request> claim(String process) {
        return claim(process, LONG);
    }

    private Optional<Request> claim(String process, Duration lifetime) {
        return requests.claim(process, ANY, BOTH, lifetime, NOW);
    }

    private Request find(Request request) {
        return requests.find(request.id()).orElseThrow();
    }

    @Test
    void whatIsAskedForIsReadAsItWasWrittenDown() {
        // given
        Wish plan = Wish.restorePlan(
                TEAM_A,
                RUN,
                TEAM_B,
                new Selection(
                        EnumSet.of(ObjectKind.SECRET, ObjectKind.KEY),
                        List.of("app-*", "größe-数"),
                        List.of("secret/tmp*")));

        // when
        Request asked = requests.add(plan, "someone@example.com", NOW, null).orElseThrow();

        // then
        assertThat(asked)
                .isEqualTo(new Request(
                        asked.id(),
                        plan,
                        "someone@example.com",
                        NOW,
                        State.WAITING,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        assertThat(add(Wish.relaunch(TEAM_A, RUN)).wish()).isEqualTo(Wish.relaunch(TEAM_A, RUN));
        assertThat(add(Wish.stop(TEAM_A, null, "the vault is needed")).wish())
                .isEqualTo(Wish.stop(TEAM_A, null, "the vault is needed"));
        assertThat(requests.find("00000000-0000-0000-0000-000000000000")).isEmpty();
    }

    @Test
    void ofAVaultAndAnActionThereIsOneOpenRequestAtATime() {
        // given
        Request first = add(Wish.runNow(TEAM_A));

        // when
        assertThat(requests.add(Wish.runNow(TEAM_A), "another", NOW, null)).isEmpty();
        add(Wish.runNow(TEAM_B));
        add(Wish.stop(TEAM_A, null, null));
        assertThat(claim("worker-1"))
                .hasValueSatisfying(taken -> assertThat(taken.id())
                        .isIn(requests.page(null, null, 9).stream()
                                .map(Request::id)
                                .toList()));
        assertThat(requests.add(Wish.runNow(TEAM_A), "another", NOW, null)).isEmpty();
        requests.take(first.id(), "worker-1", LONG);
        requests.done(first.id(), "worker-1", 3, null, NOW);

        // then
        assertThat(requests.add(Wish.runNow(TEAM_A), "another", NOW, null)).isPresent();
    }

    @Test
    void manyWhoAskAndClaimAtTheSameMomentHaveEachRequestOnce() throws InterruptedException {
        // given
        List<VaultAddress> vaults = IntStream.range(0, 20)
                .mapToObj(number -> VaultAddress.parse("https://at-once-" + number + ".vault.azure.net"))
                .toList();
        AtomicInteger added = new AtomicInteger();
        Queue<VaultAddress> done = new ConcurrentLinkedQueue<>();
        List<Thread> processes = new ArrayList<>();

        // when
        for (int number = 0; number < 6; number++) {
            String process = "worker-" + number;
            processes.add(Thread.ofPlatform().start(() -> {
                vaults.forEach(vault -> added.addAndGet(
                        requests.add(Wish.runNow(vault), process, NOW, null).isPresent() ? 1 : 0));
                for (Optional<Request> claimed = requests.claim(process, ANY, vaults, LONG, NOW);
                        claimed.isPresent();
                        claimed = requests.claim(process, ANY, vaults, LONG, NOW)) {
                    done.add(claimed.get().wish().vault());
                }
            }));
        }
        for (Thread process : processes) {
            process.join();
        }

        // then
        assertThat(added).hasValue(vaults.size());
        assertThat(done).containsExactlyInAnyOrderElementsOf(vaults);
    }

    @Test
    void theOldestOfTheActionsAndVaultsThatAWorkerKnowsIsItsNext() {
        // given
        Request later = add(Wish.runNow(TEAM_A), NOW.minusSeconds(10));
        Request earlier = add(Wish.relaunch(TEAM_B, RUN), NOW.minusSeconds(20));
        Request stop = add(Wish.stop(TEAM_A, null, null), NOW.minusSeconds(30));
        Request ofAJob = requests.add(Wish.relaunch(TEAM_A, RUN), "any", NOW.minusSeconds(40), id -> "job-" + id)
                .orElseThrow();

        // when
        Set<RequestedAction> noStop = EnumSet.complementOf(EnumSet.of(RequestedAction.STOP));
        List<String> claimed = new ArrayList<>();
        claimed.add(requests.claim("w", noStop, BOTH, LONG, NOW).orElseThrow().id());
        claimed.add(requests.claim("w", noStop, BOTH, LONG, NOW).orElseThrow().id());
        assertThat(requests.claim("w", noStop, BOTH, LONG, NOW)).isEmpty();
        assertThat(requests.claim("w", ANY, List.of(TEAM_B), LONG, NOW)).isEmpty();
        assertThat(requests.claim("w", ANY, List.of(), LONG, NOW)).isEmpty();
        claimed.add(requests.claim("w", ANY, BOTH, LONG, NOW).orElseThrow().id());

        // then
        assertThat(claimed).containsExactly(earlier.id(), later.id(), stop.id());
        assertThat(ofAJob.job()).isEqualTo("job-" + ofAJob.id());
        assertThat(find(ofAJob).state()).isEqualTo(State.WAITING);
    }

    @Test
    void whatAWorkerDidNotRenewIsAnothersAndNoMoreItsOwn() {
        // given
        Request request = add(Wish.runNow(TEAM_A));
        assertThat(claim("dead", Duration.ofMillis(-1))).isPresent();

        // when
        assertThat(claim("alive")).hasValueSatisfying(taken -> {
            assertThat(taken.state()).isEqualTo(State.TAKEN);
            assertThat(taken.process()).isEqualTo("alive");
            assertThat(taken.takenUntil()).isNotNull();
        });
        requests.renew("dead", List.of(request.id()), LONG);
        requests.done(request.id(), "dead", 0, null, NOW);
        requests.giveBack(request.id(), "dead");

        // then
        assertThat(find(request).process()).isEqualTo("alive");
        assertThat(claim("dead")).isEmpty();
        requests.done(request.id(), "alive", 3, "incomplete", NOW.plusSeconds(5));
        assertThat(find(request)).satisfies(done -> {
            assertThat(done.state()).isEqualTo(State.DONE);
            assertThat(done.exitCode()).isEqualTo(3);
            assertThat(done.result()).isEqualTo("incomplete");
            assertThat(done.endedAt()).isEqualTo(NOW.plusSeconds(5));
            assertThat(done.process()).isEqualTo("alive");
            assertThat(done.takenUntil()).isNull();
        });
    }

    @Test
    void whatIsRenewedStaysWithWhoHasItAndWhatIsGivenBackIsAnybodys() {
        // given
        Request request = add(Wish.runNow(TEAM_A));
        claim("worker-1", Duration.ofMillis(-1));

        // when
        requests.renew("worker-1", List.of(request.id()), LONG);

        // then
        assertThat(claim("worker-2")).isEmpty();

        // and
        requests.giveBack(request.id(), "worker-1");
        assertThat(find(request).state()).isEqualTo(State.WAITING);
        assertThat(claim("worker-2")).isPresent();
    }

    @Test
    void aJobTakesItsRequestWhoeverHadItUnlessItIsDoneAndWell() {
        // given
        Request request =
                requests.add(Wish.runNow(TEAM_A), "any", NOW, id -> "job-" + id).orElseThrow();
        assertThat(requests.take(request.id(), "pod-1", LONG))
                .map(Request::state)
                .hasValue(State.TAKEN);

        // when another pod of the Job comes, and ends with 3, and a third one with 0
        assertThat(requests.take(request.id(), "pod-2", LONG))
                .map(Request::process)
                .hasValue("pod-2");
        requests.done(request.id(), "pod-1", 0, null, NOW);
        assertThat(find(request).state()).isEqualTo(State.TAKEN);
        requests.done(request.id(), "pod-2", 3, null, NOW);
        assertThat(requests.take(request.id(), "pod-3", LONG)).hasValueSatisfying(taken -> {
            assertThat(taken.state()).isEqualTo(State.TAKEN);
            assertThat(taken.exitCode()).isNull();
        });
        requests.done(request.id(), "pod-3", 0, null, NOW);

        // then
        assertThat(requests.take(request.id(), "pod-4", LONG)).hasValueSatisfying(done -> {
            assertThat(done.state()).isEqualTo(State.DONE);
            assertThat(done.process()).isEqualTo("pod-3");
        });
        assertThat(requests.take("00000000-0000-0000-0000-000000000000", "pod-1", LONG))
                .isEmpty();
    }

    @Test
    void whatNobodyTookInAnHourLapsesAndKeepsNobodyFromAskingAgain() {
        // given one that waited, one that a worker had who died, and one of now
        Request waited = add(Wish.runNow(TEAM_A), NOW.minusSeconds(3_601));
        Request left = add(Wish.runNow(TEAM_B), NOW.minusSeconds(3_000));
        requests.take(left.id(), "dead", Duration.ofMinutes(-61));
        Request late = add(Wish.stop(TEAM_A, null, null), NOW.minusSeconds(3_599));

        // when
        Optional<Request> claimed = claim("worker-1");

        // then
        assertThat(claimed).map(Request::id).hasValue(late.id());
        assertThat(claim("worker-1")).isEmpty();
        assertThat(find(waited).state()).isEqualTo(State.LAPSED);
        assertThat(find(waited).endedAt()).isEqualTo(NOW);
        assertThat(find(left).state()).isEqualTo(State.LAPSED);
        add(Wish.runNow(TEAM_A));
    }

    @Test
    void whatIsWithdrawnIsDoneByNobody() {
        Request request =
                requests.add(Wish.runNow(TEAM_A), "any", NOW, id -> "job-" + id).orElseThrow();

        requests.withdraw(request.id(), NOW, "the cluster refused the Job");

        assertThat(find(request)).satisfies(withdrawn -> {
            assertThat(withdrawn.state()).isEqualTo(State.LAPSED);
            assertThat(withdrawn.result()).isEqualTo("the cluster refused the Job");
        });
        add(Wish.runNow(TEAM_A));
    }

    @Test
    void aListingComesInPagesWithTheNewestFirstAndWithoutResults() {
        // given 12 that are done, three at each moment
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            Request request = add(Wish.runNow(number % 2 == 0 ? TEAM_A : TEAM_B), NOW.plusSeconds(number / 3));
            requests.take(request.id(), "any", LONG);
            requests.done(request.id(), "any", 0, "a result", NOW);
            ids.add(request.id());
        }

        // when
        List<Request> all = new ArrayList<>();
        List<Request> page = requests.page(null, null, 5);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = requests.page(
                    null, new After(all.getLast().askedAt(), all.getLast().id()), 5);
        }

        // then
        assertThat(all).extracting(Request::id).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all).extracting(Request::askedAt).isSortedAccordingTo((one, other) -> other.compareTo(one));
        assertThat(all).extracting(Request::result).containsOnlyNulls();
        assertThat(find(all.getFirst()).result()).isEqualTo("a result");
        assertThat(requests.page(List.of(TEAM_B), null, 50))
                .hasSize(6)
                .extracting(request -> request.wish().vault())
                .containsOnly(TEAM_B);
        assertThat(requests.page(List.of(), null, 50)).isEmpty();
    }

    @Test
    void whatWasAskedLongAgoIsForgotten() {
        // given
        Request old = add(Wish.runNow(TEAM_A), NOW.minus(Duration.ofDays(91)));
        Request lately = add(Wish.runNow(TEAM_B), NOW.minus(Duration.ofDays(8)));
        requests.take(lately.id(), "any", LONG);
        requests.done(lately.id(), "any", 0, "a result", NOW);

        // when
        add(Wish.stop(TEAM_A, null, null));

        // then
        assertThat(requests.find(old.id())).isEmpty();
        assertThat(find(lately).result()).isNull();
    }

    /** Whoever may write into the table is not to stop a worker, or to have it run what this program would not ask for. */
    @Test
    void aRequestThatThisProgramWouldNotWriteIsEndedAndKeepsNobodyFromTheNext() {
        // given
        Request strange = add(Wish.relaunch(TEAM_A, RUN), NOW.minusSeconds(20));
        jdbc().sql("UPDATE dashboard_request SET snapshot_id = '--store=/tmp/elsewhere'")
                .update();
        Request unknown = add(Wish.runNow(TEAM_A), NOW.minusSeconds(10));
        jdbc().sql("UPDATE dashboard_request SET kinds = '' WHERE request_id = ?")
                .param(unknown.id())
                .update();
        Request good = add(Wish.stop(TEAM_A, null, null));

        // when
        assertThat(claim("worker-1")).map(Request::id).hasValue(good.id());

        // then
        assertThat(requests.find(strange.id())).isEmpty();
        assertThat(requests.page(null, null, 9)).extracting(Request::id).containsExactly(good.id());
        Request older = add(Wish.runNow(TEAM_B), NOW.minusSeconds(30));
        assertThat(requests.page(null, null, 2))
                .as("what cannot be read takes nobody's place on a page")
                .extracting(Request::id)
                .containsExactly(good.id(), older.id());
        assertThat(jdbc().sql("SELECT state || ' ' || exit_code FROM dashboard_request WHERE request_id IN (?, ?)")
                        .params(strange.id(), unknown.id())
                        .query(String.class)
                        .list())
                .containsExactly("DONE 2", "DONE 2");
    }

    @Test
    void whatHappenedIsKeptAsItWasAndReadInPages() {
        // given
        AuditLog log = context().getBean(AuditLog.class);
        AuditLog.Entry first = new AuditLog.Entry(
                NOW, "someone@example.com", "session", "192.0.2.7", "RELAUNCH", TEAM_A, RUN.value(), "done");
        AuditLog.Entry second =
                new AuditLog.Entry(NOW.minusSeconds(1), "nobody", "password", "::1", "LOGIN", null, null, "refused");
        AuditLog.Entry third = new AuditLog.Entry(
                NOW, "x".repeat(500), "token", "2001:db8::1", "STOP", TEAM_B, "a\u0000b\u001b[31m\nc", "done");

        // when
        log.add(first);
        log.add(second);
        log.add(third);

        // then in the order in which they were added, whatever the clock said
        List<AuditLog.Kept> page = log.page(AuditLog.Wanted.EVERYTHING, null, 2);
        assertThat(page).hasSize(2);
        assertThat(page.getFirst().entry().who()).hasSize(200);
        assertThat(page.getFirst().entry().subject()).isEqualTo("a?b?[31m?c");
        assertThat(page.getLast().entry()).isEqualTo(second);
        assertThat(log.page(AuditLog.Wanted.EVERYTHING, page.getLast().number(), 2))
                .extracting(AuditLog.Kept::entry)
                .containsExactly(first);
        assertThat(log.page(AuditLog.Wanted.of(List.of(TEAM_A)), null, 9))
                .extracting(AuditLog.Kept::entry)
                .containsExactly(first);
        assertThat(log.page(AuditLog.Wanted.of(List.of()), null, 9)).isEmpty();
        // and by what is looked for: parts of who and vault, whatever their case, and no pattern of anybody's
        assertThat(log.page(new AuditLog.Wanted(null, "SOMEONE@", null, null), null, 9))
                .extracting(AuditLog.Kept::entry)
                .containsExactly(first);
        assertThat(log.page(new AuditLog.Wanted(null, "some%", null, null), null, 9))
                .isEmpty();
        assertThat(log.page(new AuditLog.Wanted(null, "some_ne", null, null), null, 9))
                .isEmpty();
        assertThat(log.page(new AuditLog.Wanted(null, null, "Team-A.", null), null, 9))
                .extracting(AuditLog.Kept::entry)
                .containsExactly(first);
        assertThat(log.page(new AuditLog.Wanted(null, null, null, "LOGIN"), null, 9))
                .extracting(AuditLog.Kept::entry)
                .containsExactly(second);
        assertThat(log.page(new AuditLog.Wanted(List.of(TEAM_B), "someone", null, null), null, 9))
                .isEmpty();
    }
}
