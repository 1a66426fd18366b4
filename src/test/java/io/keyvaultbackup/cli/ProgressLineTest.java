package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What somebody who watches a run sees. */
class ProgressLineTest {

    private static final long BEGAN = Duration.ofHours(1).toNanos();

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final RunMonitor monitor = new RunMonitor();

    private ProgressLine line(boolean watched, boolean json) {
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        return new ProgressLine(
                new Terminal(out, out, watched, false),
                json,
                VaultAddress.parse("https://team-a.vault.azure.net"),
                monitor,
                BEGAN);
    }

    @Test
    void eachPhaseSaysWhatIsBeingDone() {
        ProgressLine line = line(true, false);

        assertThat(line.line(monitor.progress(), BEGAN)).isEqualTo("Starting");

        monitor.enter(RunMonitor.Phase.INVENTORY);
        monitor.listed(1_250);
        assertThat(line.line(monitor.progress(), BEGAN))
                .isEqualTo("Listing https://team-a.vault.azure.net: 1,250 objects");

        monitor.enter(RunMonitor.Phase.SEAL);
        assertThat(line.line(monitor.progress(), BEGAN)).isEqualTo("Writing the manifest");
    }

    @Test
    void theBackupIsShownWithItsRateAgainstTheBudgetAndTheTimeLeft() {
        // given 1,000 objects, and a pacer that granted 500 units
        ProgressLine line = line(true, false);
        monitor.watch(() -> new Pacer.Usage(new Budget(2_000), 500, 2, 100));
        monitor.planned(1_000);
        monitor.enter(RunMonitor.Phase.BACKUP);
        assertThat(line.line(monitor.progress(), BEGAN))
                .isEqualTo("Backing up 0 of 1,000  0 %  5000/s (budget 100/s)  failed 0  throttled 2");

        // when 250 of them are done after 5 s
        for (int done = 0; done < 250; done++) {
            monitor.finished(done < 3 ? Outcome.FAILED : Outcome.BACKED_UP);
        }
        String shown =
                line.line(monitor.progress(), BEGAN + Duration.ofSeconds(5).toNanos());

        // then the other 750 take 15 s
        assertThat(shown)
                .isEqualTo("Backing up 250 of 1,000  25 %  100/s (budget 100/s)  failed 3  throttled 2  15 s left");
    }

    @Test
    void anEmptyVaultIsAtHundredPercent() {
        monitor.enter(RunMonitor.Phase.BACKUP);

        assertThat(line(true, false).line(monitor.progress(), BEGAN)).startsWith("Backing up 0 of 0  100 %");
    }

    @Test
    void nothingIsDrawnWhereNobodyWatches() {
        try (ProgressLine line = line(false, false)) {
            line.start();
        }

        assertThat(screen.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theLineIsClearedBeforeAnythingElseIsPrinted() {
        ProgressLine line = line(true, false);
        line.start();
        line.close();
        line.close();

        assertThat(screen.toString(StandardCharsets.UTF_8)).endsWith("\r\u001b[2K");
    }
}
