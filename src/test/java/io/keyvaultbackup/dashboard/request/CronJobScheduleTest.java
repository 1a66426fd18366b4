package io.keyvaultbackup.dashboard.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunSchedule.Told;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedule of the CronJob that backs up, as Kubernetes tells it. */
class CronJobScheduleTest {

    @TempDir
    private Path directory;

    private static Reading<Optional<Told>> ask(MockApiServer server, String cronJob) {
        ServiceAccount account = new ServiceAccount(server.account());
        KubernetesProperties properties =
                new KubernetesProperties(cronJob, null, null, server.address(), server.account());
        return new CronJobSchedule(
                        new KubernetesLaunching(properties, new ApiServer(server.address(), account), account), cronJob)
                .ask();
    }

    @Test
    void isTheCronJobsWithItsZoneAndWhetherItIsSuspended() {
        try (MockApiServer server = new MockApiServer(
                directory, "{\"spec\":{\"schedule\":\"0 3 * * *\",\"timeZone\":\"Europe/Berlin\",\"suspend\":true}}")) {
            assertThat(ask(server, "keyvault-backup").told().orElseThrow())
                    .hasValue(new Told("0 3 * * *", "Europe/Berlin", "CronJob keyvault-backup", true));
            server.answerNext(200, "{\"spec\":{\"schedule\":\"@daily\"}}");
            assertThat(ask(server, "keyvault-backup").told().orElseThrow())
                    .hasValue(new Told("@daily", "UTC", "CronJob keyvault-backup", false));
        }
    }

    @Test
    void isNotKnownWithWhyWhereKubernetesDoesNotTell() {
        MockApiServer server = new MockApiServer(directory, "{}");
        try (server) {
            assertThat(ask(server, "another").gap())
                    .isNotNull()
                    .satisfies(gap -> assertThat(gap.why())
                            .contains("read CronJob another in namespace keyvault-backup", "status 403"));
        }
        assertThat(ask(server, "keyvault-backup").gap())
                .as("a server that is away")
                .isNotNull()
                .satisfies(gap -> assertThat(gap.why()).startsWith("The Kubernetes API at " + server.address()));
    }
}
