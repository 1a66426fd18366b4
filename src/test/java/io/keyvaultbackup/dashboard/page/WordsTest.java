package io.keyvaultbackup.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Outcome;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({"PT40S, 40 s", "PT12M30S, 12 min", "PT5H12M, 5 h 12 min", "PT26H, 26 h", "PT48H, 2 d", "PT100H, 4 d 4 h"
    })
    void timesHaveTheirTwoLargestUnits(Duration time, String words) {
        assertThat(Words.of(time)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1500, 1.5 kB", "12345678, 12 MB", "5000000000000, 5.0 TB"})
    void bytesHaveAUnit(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @Test
    void failuresAreLastAndWhatNoneHasIsNotNamed() {
        assertThat(Words.of(Map.of(
                        Outcome.FAILED, 2L, Outcome.PENDING, 1L, Outcome.UNCHANGED, 1_498L, Outcome.EXCLUDED, 0L)))
                .isEqualTo("1,498 unchanged, 1 pending, 2 failed");
    }
}
