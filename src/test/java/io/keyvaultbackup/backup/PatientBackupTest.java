package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is slow is waited for as long as it makes sense, and a run has an end. */
class PatientBackupTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @Test
    void anObjectOf490VersionsIsGivenTheTimeThatItNeeds() {
        // given a backup call of about 2.5 s, and a second for any other
        vault = emulator.vault(VaultSettings.of("slow").withPerVersionLatency(Duration.ofMillis(5)));
        vault.secret("many").versions(490);
        vault.secret("few").versions(2);
        bench.set("keyvault-backup.azure.response-timeout", "1s");

        // when
        Bench.Result result = bench.backUp(vault);

        // then it is not cut off at the first limit
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L));
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "many")).isEqualTo(1);
    }

    @Test
    void whoWasCutOffIsGivenLongerWhereVersionsAreNotKnown() {
        // given
        vault = emulator.vault(VaultSettings.of("unknown").withPerVersionLatency(Duration.ofMillis(5)));
        vault.secret("many").versions(490);
        bench.set("keyvault-backup.azure.response-timeout", "1s")
                .set("keyvault-backup.list-versions", "false")
                .with(FastTime.class);

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "many")).isBetween(2L, 4L);
    }

    @Test
    void anObjectAboveTheLimitIsTriedAgainAfterWhatHasAnotherCause() {
        // given a vault whose limit is higher than the published one, and a broken connection
        vault = emulator.vault(VaultSettings.of("above").withVersionLimit(600));
        vault.secret("many").versions(501);
        vault.faults().on(Operation.BACKUP, "secret", "many").times(1).reset();
        bench.with(FastTime.class);

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L));
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "many")).isEqualTo(2);
    }

    @Test
    void aRunThatHasHadItsTimeIsSealedAsIncompleteAndContinuedByARelaunch() {
        // given a second call that lasts longer than the run may
        vault.secrets("app", 10);
        bench.set("keyvault-backup.threads", "1").set("keyvault-backup.deadline", "6s");
        vault.faults().on(Operation.BACKUP, "secret", "app000001").times(1).delay(Duration.ofSeconds(7));

        // when
        Bench.Result late = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then what was under way is finished, nothing more is begun, and all of that is told
        assertThat(late.exitCode()).as(late.out() + late.err()).isEqualTo(3);
        assertThat(late.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "PENDING", 8L));
        assertThat(late.failures()).isEqualTo(Map.of("the run itself", "DEADLINE"));
        assertThat(late.lines("error").getFirst().path("message").asString()).contains("it was not done after 6s");
        assertThat(late.lines("error").getFirst().path("advice").asString()).contains("keyvault-backup.deadline");
        assertThat(bench.manifest(late.summary().path("manifest").asString())
                        .path("complete")
                        .asBoolean())
                .isFalse();

        // and
        bench.set("keyvault-backup.deadline", "1h");
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(10);

        // and later on it can be seen what kept the first execution from being done
        String run = late.summary().path("snapshot").asString();
        Bench.Result seen = bench.run("runs", run, "--json");
        assertThat(seen.lines("execution"))
                .extracting(execution -> execution.path("status").asString())
                .containsExactly("INCOMPLETE", "COMPLETE");
        assertThat(seen.lines("incident")).singleElement().satisfies(incident -> {
            assertThat(incident.path("execution").asInt()).isEqualTo(1);
            assertThat(incident.path("subject").asString()).isEqualTo("the run itself");
            assertThat(incident.path("reason").asString()).isEqualTo("DEADLINE");
            assertThat(incident.path("message").asString()).contains("it was not done after 6s");
            assertThat(incident.path("advice").asString()).contains("keyvault-backup.deadline");
        });
        assertThat(bench.run("runs", run).out()).contains("the run itself", "it was not done after 6s");
    }

    @Test
    void aListingThatTimeCutsOffIsNotTakenForComplete() {
        // given
        vault.secrets("app", 60);
        bench.set("keyvault-backup.deadline", "1s");
        vault.faults().on(Operation.LIST, "secret").times(1).delay(Duration.ofSeconds(2));

        // when
        Bench.Result late = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(late.exitCode()).as(late.out() + late.err()).isEqualTo(3);
        assertThat(late.failures()).containsEntry("the run itself", "DEADLINE");
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();

        // and
        bench.set("keyvault-backup.deadline", "1h");
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 60L));
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void aServiceThatAsksToBeLeftAloneIsLeftAlone(int status) {
        // given, on the machine's own clock
        vault.secret("app");
        vault.faults().on(Operation.BACKUP).times(1).answer(status);

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
    }
}
