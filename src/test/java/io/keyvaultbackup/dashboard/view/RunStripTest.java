package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.RunStatus;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunStripTest {

    @Test
    void theNewestRunIsAtTheRightAndEachStatusHasAHeightOfItsOwn() {
        RunStrip strip = RunStrip.of(List.of(RunStatus.COMPLETE, RunStatus.FAILED), 30);

        assertThat(strip.width()).isEqualTo(180);
        assertThat(strip.paths())
                .containsEntry(RunStatus.COMPLETE, "M168 0h4v20h-4z")
                .containsEntry(RunStatus.FAILED, "M174 15h4v5h-4z");
        assertThat(strip.label()).isEqualTo("last 2 runs: 1 complete, 1 failed; the newest failed");
    }

    @Test
    void aYearOfOneStatusIsOnePath() {
        RunStrip strip = RunStrip.of(Collections.nCopies(30, RunStatus.COMPLETE), 30);

        assertThat(strip.paths()).hasSize(1);
        assertThat(strip.label()).isEqualTo("last 30 runs: 30 complete; the newest complete");
    }

    @Test
    void noRunIsSaidInWords() {
        assertThat(RunStrip.of(List.of(), 30))
                .satisfies(strip -> assertThat(strip.paths()).isEmpty())
                .satisfies(strip -> assertThat(strip.label()).isEqualTo("no run yet"));
    }
}
