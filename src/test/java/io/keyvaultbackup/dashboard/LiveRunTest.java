package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is told of a real run while it is at work, over real HTTP. */
class LiveRunTest extends EmulatedVaultTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final CountDownLatch goOn = new CountDownLatch(1);

    private record Event(String name, String data) {}

    /** A run that stands still after 40 objects, one of which failed, until it is let go on. */
    @BeforeEach
    void aRunThatStandsStill() {
        bench.onDatabase(Postgres.shared().newDatabase())
                .set("keyvault-backup.threads", "1")
                .set("keyvault-backup.chunk", "1");
        vault.secrets("app", 60);
        vault.faults().on(Operation.BACKUP, "secret", "app000003").always().forbid("ForbiddenByRbac");
        vault.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(this::awaitToGoOn);
    }

    private void awaitToGoOn() {
        try {
            assertThat(goOn.await(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    private static JsonNode awaitProgress(Browsing browsing, long done) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            JsonNode runs = browsing.json("/api/v1/runs?status=running").path("runs");
            if (!runs.isEmpty()) {
                JsonNode run =
                        browsing.json("/api/v1/runs/" + runs.get(0).path("run").asString());
                if (run.path("progress").path("done").asLong() >= done) {
                    return run;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("not so far in a minute");
    }

    /** The events as they come, until one is of this name. */
    private static List<Event> until(Iterator<String> lines, String last) {
        List<Event> events = new ArrayList<>();
        String name = "";
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("event:")) {
                name = line.substring("event:".length());
            } else if (line.startsWith("data:")) {
                events.add(new Event(name, line.substring("data:".length())));
            } else if (line.isEmpty() && name.equals(last)) {
                return events;
            }
        }
        throw new AssertionError("it ended without " + last + ": " + events);
    }

    @Test
    void whoeverLooksOnSeesItRiseAndEnd() {
        try (Browsing browsing = Browsing.of(bench.serve())) {
            // given
            CompletableFuture<Bench.Result> backup = CompletableFuture.supplyAsync(() -> bench.backUp(vault));
            JsonNode run = awaitProgress(browsing, 39);
            String id = run.path("run").asString();
            JsonNode progress = run.path("progress");
            assertThat(progress.path("phase").asString()).isEqualTo("BACKUP");
            assertThat(progress.path("total").asLong()).isEqualTo(60);
            assertThat(progress.path("failed").asLong()).isEqualTo(1);
            assertThat(progress.path("budget").asLong()).isEqualTo(4000);
            assertThat(browsing.page("/runs/" + id)).contains("sse-connect=\"/runs/" + id + "/live\"");
            assertThat(browsing.text("/runs/" + id))
                    .containsSubsequence("running", "How far it is", "Backing up", " of 60 (", "Failed 1")
                    .contains("Ask again");

            HttpResponse<Stream<String>> page =
                    browsing.browser().feed(browsing.served().address("/runs/" + id + "/live"));
            HttpResponse<Stream<String>> api =
                    browsing.browser().feed(browsing.served().address("/api/v1/runs/" + id + "/feed"));
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
            Iterator<String> ofPage = page.body().iterator();
            Iterator<String> ofApi = api.body().iterator();
            long before = doneOf(until(ofApi, "progress"));
            assertThat(until(ofPage, "rates")).extracting(Event::name).containsExactly("progress", "rates");

            // when
            goOn.countDown();
            List<Event> pieces = until(ofPage, "ended");
            List<Event> told = until(ofApi, "ended");

            // then
            assertThat(backup.join().exitCode()).isEqualTo(3);
            assertThat(before).isBetween(39L, 41L);
            List<Event> risen = told.stream()
                    .filter(event -> event.name().equals("progress"))
                    .toList();
            assertThat(risen)
                    .as("how far a run is, while it is one")
                    .allSatisfy(event -> assertThat(JSON.readTree(event.data()).has("progress"))
                            .isTrue());
            assertThat(risen.stream().mapToLong(LiveRunTest::done)).isSorted();
            JsonNode end = JSON.readTree(told.getLast().data());
            assertThat(end.path("status").asString()).isEqualTo("INCOMPLETE");
            assertThat(end.has("progress")).isFalse();
            assertThat(end).isEqualTo(browsing.json("/api/v1/runs/" + id));
            assertThat(pieces.getLast()).isEqualTo(new Event("ended", "incomplete"));
            assertThat(ofPage.hasNext()).as("anything after the end").isFalse();
            assertThat(browsing.text("/runs/" + id)).doesNotContain("How far it is");
        }
    }

    private static long doneOf(List<Event> events) {
        return events.stream()
                .filter(event -> event.name().equals("progress"))
                .mapToLong(LiveRunTest::done)
                .max()
                .orElseThrow();
    }

    private static long done(Event progress) {
        return JSON.readTree(progress.data()).path("progress").path("done").asLong();
    }

    @Test
    void feedsEndWithTheLoginAndWithTheDashboardAndAreNotTooMany() {
        Browsing browsing = Browsing.of(bench.serve());
        CompletableFuture<Bench.Result> backup = CompletableFuture.supplyAsync(() -> bench.backUp(vault));
        List<HttpResponse<Stream<String>>> open = new ArrayList<>();
        try {
            // given as many as there may be
            String id = awaitProgress(browsing, 1).path("run").asString();
            String feed = "/api/v1/runs/" + id + "/feed";
            for (int viewer = 0; viewer < 200; viewer++) {
                open.add(browsing.browser().feed(browsing.served().address(feed)));
            }
            assertThat(open)
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));

            // then
            HttpResponse<String> refused = browsing.get(feed);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(JSON.readTree(refused.body()).path("advice").asString()).contains("Try again");
            assertThat(browsing.get("/runs/" + id + "/live").statusCode()).isEqualTo(503);

            // when
            long began = System.nanoTime();
            assertThat(browsing.served().stop()).isZero();

            // then
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            assertThat(open)
                    .as("each ends as a feed ends, and is not cut off")
                    .allSatisfy(answer -> assertThat(answer.body()).first().isEqualTo("retry:3000"));
        } finally {
            goOn.countDown();
            backup.join();
            browsing.close();
        }
    }

    @Test
    void aLogoutEndsTheFeed() {
        try (Browsing browsing = Browsing.of(bench.serve())) {
            CompletableFuture<Bench.Result> backup = CompletableFuture.supplyAsync(() -> bench.backUp(vault));
            try {
                // given
                String id = awaitProgress(browsing, 1).path("run").asString();
                Iterator<String> lines = browsing.browser()
                        .feed(browsing.served().address("/runs/" + id + "/live"))
                        .body()
                        .iterator();
                until(lines, "progress");

                // when
                String proof = browsing.browser().proof(browsing.served().address("/runs"));
                browsing.browser().post(browsing.served().address("/logout"), Map.of("_csrf", proof));

                // then it ends, long before the run does
                while (lines.hasNext()) {
                    assertThat(lines.next()).isNotEqualTo("event:ended");
                }
                assertThat(backup).isNotDone();
            } finally {
                goOn.countDown();
                backup.join();
            }
        }
    }
}
