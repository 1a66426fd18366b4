package io.keyvaultbackup.dashboard.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.dashboard.Browsing;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the fleet's page says of the schedule of a CronJob. */
class ScheduleOnThePageTest extends EmulatedVaultTest {

    private static final String NEXT = "Next scheduled run:";

    /** It is asked for in the background. */
    private static String textOnceItHas(Browsing browsing, String wanted) {
        String text = browsing.text("/fleet");
        for (int tries = 0; tries < 100 && !text.contains(wanted); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            text = browsing.text("/fleet");
        }
        return text;
    }

    private Browsing serve(MockApiServer server) {
        bench.onDatabase(Postgres.shared().newDatabase())
                .set("keyvault-backup.dashboard.kubernetes.cron-job", "keyvault-backup")
                .set(
                        "keyvault-backup.dashboard.kubernetes.api-server",
                        server.address().toString())
                .set(
                        "keyvault-backup.dashboard.kubernetes.service-account",
                        server.account().toString());
        return Browsing.of(bench.serve());
    }

    private static String cronJob(boolean suspended) {
        return "{\"spec\":{\"schedule\":\"0 3 * * *\",\"timeZone\":\"Etc/UTC\",\"suspend\":" + suspended + "}}";
    }

    @Test
    void theNextRunIsTheCronJobs() throws Exception {
        try (MockApiServer server =
                        new MockApiServer(Files.createDirectories(directory.resolve("api")), cronJob(false));
                Browsing browsing = serve(server)) {
            assertThat(textOnceItHas(browsing, NEXT)).containsPattern(NEXT + " \\d{4}-\\d{2}-\\d{2} 03:00");
            assertThat(server.made()).as("kept for minutes").hasSize(1);
        }
    }

    @Test
    void aSuspendedCronJobIsTold() throws Exception {
        try (MockApiServer server =
                        new MockApiServer(Files.createDirectories(directory.resolve("api")), cronJob(true));
                Browsing browsing = serve(server)) {
            assertThat(textOnceItHas(browsing, "is suspended"))
                    .contains("CronJob keyvault-backup is suspended: no run is scheduled")
                    .doesNotContain(NEXT);
        }
    }
}
