package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of several vaults together. */
class VaultsLineTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final Terminal terminal = new Terminal(screen, screen, false, false);

    private static VaultAddress vault(int number) {
        return VaultAddress.parse("https://team-" + number + ".vault.azure.net");
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLineCountsVaultsAndTheObjectsOfThoseAtWork() {
        // given
        VaultsLine line = new VaultsLine(terminal, 1_200);
        line.began(vault(1), new RunMonitor());
        line.began(vault(2), new RunMonitor());
        line.began(vault(3), new RunMonitor());
        line.ended(vault(1), ExitCode.DONE);
        line.ended(vault(2), ExitCode.HELD);

        // then
        assertThat(line.line()).isEqualTo("1 of 1,200 vaults done  1 not well  1 at work: 0 of 0 objects  throttled 0");
    }

    @Test
    void theReportNamesWhatIsNotDoneAndCountsTheRest() {
        // given
        Map<VaultAddress, ExitCode> codes = new LinkedHashMap<>();
        codes.put(vault(1), ExitCode.DONE);
        codes.put(vault(2), ExitCode.INCOMPLETE_FOR_GOOD);
        codes.put(vault(3), ExitCode.DONE);

        Map<VaultAddress, ExitCode> others = new LinkedHashMap<>();
        others.put(vault(4), ExitCode.NOT_AUTHORISED);
        others.put(vault(5), ExitCode.DONE);
        others.put(vault(6), ExitCode.INCOMPLETE);
        others.put(vault(7), ExitCode.NOT_AUTHORISED);

        // when
        new VaultsReport(terminal, false).tell(codes, others, 2, ExitCode.INCOMPLETE, false);
        new VaultsReport(terminal, true).tell(codes, others, 2, ExitCode.INCOMPLETE, false);

        // then
        assertThat(told())
                .contains("9 vaults: 2 done, 1 incomplete for good, 4 ended by other processes, 2 not begun")
                .contains("  incomplete for good  https://team-2.vault.azure.net")
                .contains("  by other processes: incomplete https://team-6.vault.azure.net,"
                        + " not authorised https://team-4.vault.azure.net https://team-7.vault.azure.net")
                .doesNotContain("team-1.vault.azure.net\n", "team-5")
                .contains("\"vaults\":9", "\"done\":2", "\"ended_elsewhere\":4", "\"not_begun\":2", "\"exit_code\":3")
                .contains("\"not_done\":[{", "\"not_done_elsewhere\":[{");
    }

    @Test
    void whatOneProcessDoesAloneSpeaksOfNoOther() {
        // when
        new VaultsReport(terminal, false).tell(Map.of(vault(1), ExitCode.DONE), Map.of(), 0, ExitCode.DONE, false);
        new VaultsReport(terminal, true).tell(Map.of(vault(1), ExitCode.DONE), Map.of(), 0, ExitCode.DONE, true);

        // then
        assertThat(told())
                .contains("1 vaults: 1 done")
                .contains("\"dry_run\":true")
                .doesNotContain("other processes", "not begun", "elsewhere", "not_begun");
    }
}
