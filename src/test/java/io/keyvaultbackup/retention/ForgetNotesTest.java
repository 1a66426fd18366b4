package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notes on stops and on Jobs by hand go when nobody can need them any more, and not before. */
class ForgetNotesTest extends EmulatedVaultTest {

    private static final String LONG_AGO = "2020-01-01T03:00:00Z";
    private static final String UID = "0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4";

    @BeforeEach
    void seed() {
        vault.secrets("app", 3);
    }

    private List<String> notes(String folder) {
        return bench.blobs().keySet().stream()
                .filter(name -> name.contains(folder))
                .toList();
    }

    /** With one copy failed, so that there is something to stop; and a second pod, which did not begin it. */
    private String stoppedRun(String scheduledFor) {
        vault.faults().on(Operation.BACKUP, "secret", "app000001").times(1).forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--full", "--scheduled-for", scheduledFor)
                        .exitCode())
                .isEqualTo(3);
        Bench.Result stopped =
                bench.run("stop", "--json", "--vault", vault.uri().toString());
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isZero();
        assertThat(bench.backUp(vault, "--full", "--scheduled-for", scheduledFor)
                        .exitCode())
                .isEqualTo(130);
        return stopped.summary().path("snapshot").asString();
    }

    private void forget(String... more) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "forget",
                                "--json",
                                "--keep-last",
                                "1",
                                "--vault",
                                vault.uri().toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    private void complete(Instant scheduledFor) {
        assertThat(bench.backUp(vault, "--scheduled-for", scheduledFor.toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void theStopsOfARunGoWithItsSnapshot() {
        // given a run of long ago and one of this day, both stopped, and a newer snapshot than both
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String old = stoppedRun(LONG_AGO);
        String young = stoppedRun(now.minus(Duration.ofHours(2)).toString());
        complete(now.minus(Duration.ofHours(1)));

        // when
        forget("--dry-run");
        List<String> afterDryRun = notes("/stops/");
        forget();

        // then the old one's stop is gone; of the young one a pod may still come, though its snapshot is gone too
        assertThat(afterDryRun).hasSize(2);
        assertThat(notes("/manifests/")).hasSize(1);
        assertThat(notes("/stops/"))
                .singleElement()
                .asString()
                .contains("/stops/" + young)
                .doesNotContain(old);
        assertThat(bench.backUp(
                                vault,
                                "--full",
                                "--scheduled-for",
                                now.minus(Duration.ofHours(2)).toString())
                        .exitCode())
                .isEqualTo(130);
    }

    @Test
    void theStopOfASnapshotThatStaysAndOfARunThatWasNotSealedStay() throws IOException {
        // given, the second by a note alone
        stoppedRun(LONG_AGO);
        Path note = bench.store().resolve(notes("/stops/").getFirst());
        Files.copy(note, note.resolveSibling("20200102T030000Z-4f2a9c.1.json"));

        // when
        forget();

        // then
        assertThat(notes("/manifests/")).hasSize(1);
        assertThat(notes("/stops/")).hasSize(2);
    }

    @Test
    void theTimesOfJobsGoAfterAMonth() throws IOException {
        // given a Job of today, and one of two months ago
        assertThat(bench.backUp(vault, "--job", "by-hand", "--job-uid", UID).exitCode())
                .isZero();
        List<String> young = notes("jobs/");
        String text = Files.readString(bench.store().resolve("jobs/" + UID + ".json"));
        Instant today = Instant.parse(text.replaceFirst("(?s).*\"scheduledFor\":\"([^\"]*)\".*", "$1"));
        Instant old = today.minus(Duration.ofDays(60));
        String oldUid = UID.replace('0', '1');
        String oldText = text.replace(UID, oldUid).replace(today.toString(), old.toString());
        Files.writeString(bench.store().resolve("jobs/" + oldUid + ".json"), oldText);
        Files.writeString(bench.store().resolve("jobs/" + old.toString().replaceAll("[-:]", "") + ".json"), oldText);
        Files.writeString(bench.store().resolve("jobs/of-somebody-else.json"), "{}");

        // when
        forget();

        // then
        assertThat(young).hasSize(2);
        assertThat(notes("jobs/"))
                .containsAll(young)
                .contains("jobs/of-somebody-else.json")
                .hasSize(3);
    }
}
