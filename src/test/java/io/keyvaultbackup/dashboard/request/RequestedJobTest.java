package io.keyvaultbackup.dashboard.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.dashboard.Browsing;
import io.keyvaultbackup.dashboard.access.Browser;
import io.keyvaultbackup.kubernetes.BuiltManifests;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.VaultAddress;
import io.kubernetes.client.openapi.models.V1Job;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked for at a dashboard that is on Kubernetes becomes a Job, or it is said why it does not. */
@NullUnmarked // as KubernetesLaunchingTest
class RequestedJobTest extends EmulatedVaultTest {

    private MockApiServer server;
    private String page;

    @BeforeEach
    void serveOnKubernetes() throws IOException {
        server = new MockApiServer(
                Files.createDirectories(directory.resolve("cluster")),
                BuiltManifests.cronJob("keyvault-backup", "11111111-2222-3333-4444-555555555555"));
        bench.onDatabase(Postgres.shared().newDatabase())
                .set("keyvault-backup.dashboard.kubernetes.cron-job", "keyvault-backup")
                .set(
                        "keyvault-backup.dashboard.kubernetes.api-server",
                        server.address().toString())
                .set(
                        "keyvault-backup.dashboard.kubernetes.service-account",
                        server.account().toString())
                .set("keyvault-backup.vaults", vault.uri().toString());
        page = "/vaults/" + VaultAddress.parse(vault.uri().toString()).storeName();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> runNow(Browsing operator) {
        return operator.browser()
                .post(operator.served().address(page + "/run-now"), Map.of("_csrf", Browser.csrf(operator.get(page))));
    }

    private List<String> outcomes() {
        return bench.jdbc()
                .sql("SELECT outcome FROM dashboard_audit WHERE action = 'run_now' ORDER BY audit_id")
                .query(String.class)
                .list();
    }

    @Test
    void theButtonMakesAJobAndNoWorkerTakesItsRequest() {
        try (Browsing operator = Browsing.of(bench.serve())) {
            // when
            HttpResponse<String> sent = runNow(operator);

            // then
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
            String request = Browser.next(sent).getPath().replace("/requests/", "");
            assertThat(server.jobs()).hasSize(1);
            V1Job job = BuiltManifests.job(server.jobs().getFirst());
            assertThat(job.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getArgs())
                    .startsWith("backup", "--vault=" + vault.uri())
                    .endsWith("--json", "--request=" + request);
            assertThat(operator.text("/requests/" + request))
                    .contains("Waiting.", "Job " + job.getMetadata().getName());
            assertThat(outcomes()).containsExactly("asked", "accepted");
            assertThat(bench.run("worker", "--once", "--json").lines("request")).isEmpty();

            // and when its pod does not begin
            bench.jdbc()
                    .sql("UPDATE dashboard_request SET asked_at = asked_at - INTERVAL '20' SECOND")
                    .update();

            // then
            assertThat(operator.text("/requests/" + request))
                    .contains("nobody has taken it yet")
                    .contains("kubectl describe job " + job.getMetadata().getName());
        }
    }

    @Test
    void whatKubernetesRefusesIsToldAndKeepsNobodyFromAskingAgain() {
        try (Browsing operator = Browsing.of(bench.serve())) {
            // given
            server.answerNext(403, MockApiServer.status("Forbidden", "cronjobs is forbidden: <b>no</b>"));

            // when
            HttpResponse<String> refused = runNow(operator);

            // then
            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(refused.body())
                    .contains("cronjobs is forbidden: &lt;b&gt;no&lt;/b&gt;")
                    .contains("the Role of k8s/components/dashboard; apply it", "the request is withdrawn");
            assertThat(server.jobs()).isEmpty();
            assertThat(outcomes()).containsExactly("asked", "failed");
            assertThat(bench.jdbc()
                            .sql("SELECT state FROM dashboard_request WHERE result LIKE '%cronjobs is forbidden%'")
                            .query(String.class)
                            .list())
                    .containsExactly("LAPSED");
            assertThat(operator.text("/requests")).contains("Not done");

            // and when the CronJob is none of ours
            server.answerNext(200, "{\"spec\":{\"jobTemplate\":{\"spec\":{}}}}");
            assertThat(runNow(operator).statusCode()).isEqualTo(502);

            // and again, once it may
            assertThat(runNow(operator).statusCode()).isEqualTo(302);
            assertThat(server.jobs()).hasSize(1);
        }
    }

    /** A token that no header can hold is nothing that anybody thought of, and it must not leave the button dead for an hour. */
    @Test
    void whatNobodyThoughtOfIsWithdrawnToo() throws IOException {
        try (Browsing operator = Browsing.of(bench.serve())) {
            // given
            server.rotateToken("two\nlines");

            // when
            assertThat(runNow(operator).statusCode()).isEqualTo(500);

            // then
            assertThat(outcomes()).containsExactly("asked", "failed");
            server.rotateToken("one");
            assertThat(runNow(operator).statusCode()).isEqualTo(302);
        }
    }
}
