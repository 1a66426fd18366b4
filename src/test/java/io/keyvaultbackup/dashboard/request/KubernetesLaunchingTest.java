package io.keyvaultbackup.dashboard.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.kubernetes.BuiltManifests;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import io.keyvaultbackup.vault.VaultAddress;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of what was asked for, made at an API server that is this test's, from the CronJob that k8s/ has. */
@NullUnmarked // every field of Kubernetes' models may be missing, and one that is looked for and missing is to fail the
// test
class KubernetesLaunchingTest {

    private static final VaultAddress VAULT = VaultAddress.parse("https://team-a.vault.azure.net");
    private static final SnapshotId RUN = new SnapshotId("20261124T030000Z-4f2a9c");
    private static final String ID = "0b9e6d1c-7a32-4f0e-9d55-1c2b3a4d5e6f";

    @TempDir
    private Path directory;

    private MockApiServer server;

    @BeforeEach
    void start() {
        server = new MockApiServer(
                directory, BuiltManifests.cronJob("keyvault-backup", "11111111-2222-3333-4444-555555555555"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private KubernetesLaunching launching(@Nullable String restoreCronJob) {
        ServiceAccount account = new ServiceAccount(server.account());
        return new KubernetesLaunching(
                new KubernetesProperties("keyvault-backup", restoreCronJob, null, server.address(), server.account()),
                new ApiServer(server.address(), account),
                account);
    }

    private static Request asked(Wish wish) {
        return new Request(
                ID,
                wish,
                "anna",
                Instant.parse("2026-11-24T09:00:00.5Z"),
                Request.State.WAITING,
                null,
                null,
                null,
                null,
                "the job",
                null);
    }

    private V1Job theJob() {
        assertThat(server.jobs()).hasSize(1);
        return BuiltManifests.job(server.jobs().getFirst());
    }

    @Test
    void aJobIsTheCronJobsWithOtherArguments() {
        launching(null).launch(asked(Wish.relaunch(VAULT, RUN)));

        V1Job job = theJob();
        V1CronJob cronJob = BuiltManifests.cronJobOf("keyvault-backup");
        V1JobSpec template =
                Objects.requireNonNull(cronJob.getSpec().getJobTemplate().getSpec());
        assertThat(job.getMetadata().getName()).isEqualTo("keyvault-backup-relaunch-0b9e6d1c7a324-x");
        assertThat(job.getMetadata().getName())
                .as("a time would be read from it")
                .doesNotMatch(".+-\\d{8}");
        assertThat(job.getMetadata().getAnnotations())
                .containsEntry("cronjob.kubernetes.io/instantiate", "manual")
                .containsEntry("keyvault-backup/request", ID);
        assertThat(job.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getKind() + " " + owner.getName() + " " + owner.getUid())
                        .isEqualTo("CronJob keyvault-backup 11111111-2222-3333-4444-555555555555"))
                .satisfies(owner -> assertThat(owner.getBlockOwnerDeletion()).isNull());
        V1Container container =
                job.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(container.getArgs())
                .containsExactly(
                        "retry",
                        "--vault=https://team-a.vault.azure.net",
                        "--run=20261124T030000Z-4f2a9c",
                        "--json",
                        "--request=" + ID);
        assertThat(job.getSpec().getCompletions()).isEqualTo(1);
        assertThat(job.getSpec().getParallelism()).isEqualTo(1);
        // and all else as the CronJob has it
        container.setArgs(
                template.getTemplate().getSpec().getContainers().getFirst().getArgs());
        job.getSpec().setCompletions(template.getCompletions());
        job.getSpec().setParallelism(template.getParallelism());
        job.getSpec().setSuspend(template.getSuspend());
        assertThat(job.getSpec()).isEqualTo(template);
    }

    @Test
    void onlyTheCronJobIsReadAndOnlyAJobIsMade() {
        launching(null).launch(asked(Wish.stop(VAULT, RUN, "the vault is needed")));

        assertThat(server.made().stream().map(made -> made.method() + " " + made.path()))
                .containsExactly(
                        "GET /apis/batch/v1/namespaces/keyvault-backup/cronjobs/keyvault-backup",
                        "POST /apis/batch/v1/namespaces/keyvault-backup/jobs");
        assertThat(theJob().getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs())
                .startsWith("stop")
                .contains("--reason=the vault is needed");
    }

    @Test
    void aRunNowHasTheTimeThatItWasAskedForSoThatAllItsPodsShareIt() {
        launching(null).launch(asked(Wish.runNow(VAULT)));

        assertThat(theJob().getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs())
                .startsWith("backup", "--vault=https://team-a.vault.azure.net", "--scheduled-for=2026-11-24T09:00:00Z");
    }

    @Test
    void oneThatIsThereAlreadyIsTheSame() {
        launching(null).launch(asked(Wish.runNow(VAULT)));

        launching(null).launch(asked(Wish.runNow(VAULT)));

        assertThat(server.jobs()).hasSize(1);
    }

    @Test
    void aTokenThatWasRotatedIsReadAnew() throws IOException {
        KubernetesLaunching launching = launching(null);
        launching.launch(asked(Wish.runNow(VAULT)));
        server.rotateToken("second");

        launching.launch(asked(Wish.relaunch(VAULT, RUN)));

        assertThat(server.jobs()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "401, Unauthorized, is not accepted",
        "403, Forbidden, by the Role of k8s/components/dashboard",
        "404, NotFound, Is it named right",
        "409, Conflict, Ask again",
        "500, InternalError, Ask again",
        "503, ServiceUnavailable, Ask again"
    })
    void whatTheServerSaysIsTold(int status, String reason, String advice) {
        server.answerNext(status, MockApiServer.status(reason, "the server's own words"));

        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .isInstanceOf(LaunchFailedException.class)
                .hasMessageContaining("read CronJob keyvault-backup in namespace keyvault-backup")
                .hasMessageContaining("status " + status + " " + reason + ": the server's own words")
                .hasMessageContaining(advice);
        assertThat(server.jobs()).isEmpty();
    }

    @Test
    void aRefusedJobIsTold() throws IOException {
        server.answerNext(200, BuiltManifests.cronJob("keyvault-backup", "u"));
        server.answerNext(403, MockApiServer.status("Forbidden", "exceeded quota"));

        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .hasMessageContaining("create Job keyvault-backup-run-now-0b9e6d1c7a324-x")
                .hasMessageContaining("exceeded quota");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not JSON at all",
                "{}",
                "{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"other\"}]}}}}}}"
            })
    void aCronJobThatIsNoneOfOursMakesNoJob(String told) {
        server.answerNext(200, told);

        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .isInstanceOf(LaunchFailedException.class)
                .hasMessageContaining("CronJob that Kubernetes tells of has no");
        assertThat(server.jobs()).isEmpty();
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.copy(
                LocalhostCertificate.createIn(other).certificate(),
                server.account().resolve("ca.crt"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .isInstanceOf(LaunchFailedException.class)
                .hasMessageContaining("could not be asked");
        assertThat(server.made()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereAndAnAccountThatIsNotAreTold() throws IOException {
        server.close();
        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .hasMessageContaining("could not be asked")
                .hasMessageContaining("network policy");

        Files.delete(server.account().resolve("namespace"));
        assertThatThrownBy(() -> launching(null).launch(asked(Wish.runNow(VAULT))))
                .hasMessageContaining("automountServiceAccountToken");
    }

    @Test
    void aPlanOfARestoreNeedsACronJobThatMay() {
        Wish plan = Wish.restorePlan(
                VAULT, null, VaultAddress.parse("https://team-b.vault.azure.net"), Selection.everything());

        assertThat(launching(null).whyNot(plan.action())).contains("restore-cron-job");
        assertThatThrownBy(() -> launching(null).launch(asked(plan))).hasMessageContaining("restore-cron-job");
        assertThat(server.made()).isEmpty();

        launching("keyvault-backup").launch(asked(plan));
        assertThat(theJob().getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs())
                .startsWith("restore", "--from=https://team-a.vault.azure.net", "--snapshot=latest")
                .contains("--dry-run");
    }

    @Test
    void wrongPropertiesAreNamed() {
        KubernetesProperties wrong =
                new KubernetesProperties(null, "Keyvault_Backup", "a/b", URI.create("http://localhost"), Path.of("x"));

        assertThat(wrong.problems())
                .containsExactly(
                        "keyvault-backup.dashboard.kubernetes.restore-cron-job: 'Keyvault_Backup' is no name in Kubernetes, such as keyvault-backup",
                        "keyvault-backup.dashboard.kubernetes.namespace: 'a/b' is no name in Kubernetes, such as keyvault-backup",
                        "keyvault-backup.dashboard.kubernetes.restore-cron-job is given, and no keyvault-backup.dashboard.kubernetes.cron-job: name the CronJob that backs up, such as keyvault-backup",
                        "keyvault-backup.dashboard.kubernetes.api-server: 'http://localhost' is not an https address, such as https://kubernetes.default.svc");
        assertThat(new KubernetesProperties("keyvault-backup", null, " ", null, Path.of("x")).problems())
                .isEqualTo(List.of());
    }
}
