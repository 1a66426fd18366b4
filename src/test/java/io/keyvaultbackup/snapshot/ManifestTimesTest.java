package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTimesTest {

    @Test
    void readsWhatJavaReads() {
        Random random = new Random(11);
        for (int round = 0; round < 10_000; round++) {
            Instant time = Instant.ofEpochSecond(
                    random.nextLong(-10_000_000_000L, 100_000_000_000L),
                    random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000));
            assertThat(ManifestTimes.parse(time.toString())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-24",
                "2026-13-24T03:00:00Z",
                "2026-02-30T03:00:00Z",
                "2026-11-24T25:00:00Z",
                "2026-11-24T03:61:00Z",
                "2026-11-24T03:00:61Z",
                "2026-11-24T03:00:00.1234567890Z",
                "2026-11-24T03:00:00.12a4Z",
                "2026-11-24T03:00:00,5Z",
                "2026-11-24T03:00:00.5",
                "2026-11-24t03-00-00z",
                "20261124T030000Z0000"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> ManifestTimes.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
