package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A Kubernetes Job whose name tells no scheduled time: all its pods continue one run, known by the Job's name and uid, from the store alone. */
class JobByHandTest extends EmulatedVaultTest {

    private static final String UID = "0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4";
    private static final String OTHER_UID = "7b1f6a52-90de-4c13-8f0e-55c0e4a1d2b7";

    private EmulatedVault other;
    private int pods;

    @BeforeEach
    void seed(TestInfo test) {
        other = emulator.vault(test.getTestMethod().orElseThrow().getName() + "-other");
        vault.secrets("app", 60);
        other.secret("password");
        bench.set("keyvault-backup.threads", "4").with(HourAfterHour.class);
    }

    @Test
    void theSecondPodContinuesTheFirstOnesRunOfEveryVaultWithoutItsDisk() {
        // given a pod that is stopped in the middle
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.BACKUP, "secret", "app000020").times(1).before(stop::give);
        Bench.Result stopped = pod("by-hand", UID);

        // when
        bench.nextStop();
        Bench.Result continued = pod("by-hand", UID);

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertDone(continued);
        assertThat(times(continued)).hasSize(1).containsAll(times(stopped));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(60);
        assertThat(other.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void aSecondJobOfTheSameNameIsAnotherRun() {
        Bench.Result first = pod("by-hand", UID);
        Bench.Result second = pod("by-hand", OTHER_UID);

        assertDone(first);
        assertDone(second);
        assertThat(times(second)).isNotEqualTo(times(first));
        assertThat(second.lines("summary"))
                .allSatisfy(summary ->
                        assertThat(summary.path("already_complete").asBoolean()).isFalse());
    }

    @Test
    void aNameThatTellsATimeNeedsNoNote() {
        Instant night = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofHours(3));
        String job = "keyvault-backup-" + night.getEpochSecond() / 60;

        Bench.Result ended = pod(job, UID);

        assertDone(ended);
        assertThat(times(ended)).containsExactly(night.toString());
        assertThat(bench.blobs()).noneSatisfy((name, bytes) -> assertThat(name).startsWith("jobs"));
    }

    @Test
    void aDryRunLeavesNoNote() {
        assertThat(pod("by-hand", UID, "--dry-run").exitCode()).isZero();

        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void theNoteIsNoVaultForThoseWhoReadTheStore() {
        assertDone(pod("by-hand", UID));
        assertThat(bench.blobs()).containsKey("jobs/" + UID + ".json");

        Bench.Result verified = bench.run("verify", "--json", "--expect-latest", "26h");
        Bench.Result forgotten = bench.run("forget", "--json", "--keep-last", "1");

        assertDone(verified);
        assertThat(verified.lines("summary")).hasSize(2);
        assertDone(forgotten);
        assertThat(verified.out() + forgotten.out()).doesNotContain("jobs");
        assertThat(bench.run("ls", "20200101").err())
                .contains("There is no snapshot 20200101 of localhost_")
                .doesNotContain("jobs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "by-hand", "0f4c9d2e-5a31-4b7c-9c68", "1-1-1-1-1", "0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4\n"})
    void whatIsNoUidIsRefused(String uid) {
        Bench.Result refused = pod("by-hand", uid);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.lines("error").getFirst().path("message").asString())
                .contains("--job-uid: '")
                .contains("it looks like " + UID);
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void aUidWithoutItsJobIsRefused() {
        Bench.Result refused = bench.backUp(vault, "--job-uid", UID);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).contains("without --job; give the name of the Job, too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"schemaVersion\":1,\"type\":\"job\"}", "[1", "of another Job"})
    void aNoteThatIsNoneIsNotTakenForATime(String damage) throws IOException {
        // given
        assertDone(pod("by-hand", UID));
        Path note = bench.store().resolve("jobs/" + UID + ".json");
        String text = damage.equals("of another Job") ? Files.readString(note).replace(UID, OTHER_UID) : damage;
        Files.writeString(note, text);
        long before = vault.requests().total();

        // when
        Bench.Result refused = pod("by-hand", UID);

        // then
        assertThat(refused.exitCode()).as(refused.out() + refused.err()).isEqualTo(2);
        assertThat(refused.lines("error").getFirst().path("message").asString())
                .contains("jobs/" + UID + ".json", "--scheduled-for");
        assertThat(vault.requests().total()).isEqualTo(before);
    }

    @Test
    void theUidOfAnotherJobIsRefused() {
        assertDone(pod("by-hand", UID));

        Bench.Result refused = pod("by-foot", UID);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).contains("is the uid of Job by-hand").contains("and not of by-foot");
    }

    /** An hour after the one before, with a job database of its own. */
    private Bench.Result pod(String job, String uid, String... more) {
        HourAfterHour.passed.incrementAndGet();
        bench.set(
                "keyvault-backup.data-directory",
                directory.resolve("disk-" + ++pods).toString());
        List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--job", job, "--job-uid", uid));
        arguments.addAll(List.of(
                "--vault", vault.uri().toString(), "--vault", other.uri().toString()));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static Set<String> times(Bench.Result ended) {
        return ended.lines("summary").stream()
                .map(summary -> summary.path("scheduled_for").asString())
                .collect(Collectors.toSet());
    }

    private static void assertDone(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    /** The program's clock: as many hours ahead as pods were begun. */
    @TestConfiguration(proxyBeanMethods = false)
    static class HourAfterHour {

        static final AtomicLong passed = new AtomicLong();

        @Bean
        @Primary
        InstantSource laterClock() {
            return () -> Instant.now().plus(Duration.ofHours(passed.get()));
        }
    }
}
