package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduledTimeTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:07Z");

    @ParameterizedTest
    @ValueSource(strings = {"keyvault-backup-29924820", "nightly-29924820", "a-b-29924820"})
    void aCronJobsJobTellsItsTimeInMinutes(String job) {
        assertThat(ScheduledTime.ofJob(job, NOW)).contains(Instant.parse("2026-11-24T03:00:00Z"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "manual-1",
                "keyvault-backup-manual-x7k2p",
                "keyvault-backup-20261124",
                "keyvault-backup-99999999",
                "29924820",
                "keyvault-backup-2992482",
                "keyvault-backup-29924820-x"
            })
    void anyOtherNameTellsNothing(String job) {
        assertThat(ScheduledTime.ofJob(job, NOW)).isEmpty();
    }

    @Test
    void whatIsNoTimeIsAProblemWithAnExample() {
        java.util.List<String> problems = new java.util.ArrayList<>();

        assertThat(ScheduledTime.read("yesterday", problems)).isNull();
        assertThat(problems)
                .containsExactly("--scheduled-for: 'yesterday' is not a time; it looks like 2026-11-24T03:00:00Z");
    }
}
