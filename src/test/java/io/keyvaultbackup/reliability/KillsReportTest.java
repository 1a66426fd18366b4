package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The report of the kills says that all went well only where all did. */
class KillsReportTest {

    private static final List<EndedRun.Way> WAYS = List.of(EndedRun.Way.values());

    private final KillsReport report = new KillsReport(7);

    @Test
    void saysThatEveryRunAgreedWhereEachWayDid() {
        WAYS.forEach(way -> {
            report.begin(way);
            report.add(way, List.of(), Map.of());
            report.agreed(way);
        });

        assertThat(report.text())
                .contains("Seed 7", "Every run was complete in the end")
                .doesNotContain("FAILED");
    }

    @Test
    void saysWhichWayFailedThoughItsFiguresAreTold() {
        WAYS.forEach(way -> {
            report.begin(way);
            report.add(way, List.of(), Map.of());
        });
        WAYS.subList(1, WAYS.size()).forEach(report::agreed);

        assertThat(report.text())
                .contains("FAILED or not finished: [" + WAYS.getFirst() + "]", "not run: []")
                .doesNotContain("Every run was complete in the end");
    }

    @Test
    void saysWhichWaysWereNotRun() {
        report.begin(WAYS.getFirst());
        report.agreed(WAYS.getFirst());

        assertThat(report.text())
                .contains("FAILED or not finished: []", "not run: " + WAYS.subList(1, WAYS.size()))
                .doesNotContain("Every run was complete in the end");
    }

    @Test
    void saysThatNothingWasRun() {
        assertThat(report.text()).contains("not run: " + WAYS).doesNotContain("Every run was complete in the end");
    }
}
