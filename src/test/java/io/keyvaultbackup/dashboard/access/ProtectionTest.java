package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every answer says to browsers, by which names the dashboard answers, and what the management port tells whom. */
class ProtectionTest extends EmulatedVaultTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static HttpResponse<String> get(URI address, String... headers) {
        try (Browser browser = new Browser()) {
            return browser.get(address, headers);
        }
    }

    @Test
    void everyAnswerSaysWhatABrowserMayDo() {
        try (Served served = bench.serve()) {
            for (String path : new String[] {"/login", "/fleet", "/api/v1/fleet", "/css/login.css"}) {
                HttpResponse<String> answer = get(served.address(path));
                assertThat(answer.headers().map())
                        .as(path)
                        .containsEntry("x-content-type-options", List.of("nosniff"))
                        .containsEntry("referrer-policy", List.of("no-referrer"))
                        .containsEntry("cross-origin-opener-policy", List.of("same-origin"))
                        .containsEntry("x-frame-options", List.of("DENY"))
                        .containsEntry(
                                "content-security-policy",
                                List.of("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                                        + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
                                        + " frame-ancestors 'none'"))
                        .doesNotContainKeys("strict-transport-security", "server", "x-powered-by");
            }
            for (String path : new String[] {"/login", "/fleet", "/api/v1/fleet"}) {
                assertThat(get(served.address(path)).headers().firstValue("Cache-Control"))
                        .as(path)
                        .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
            }
        }
    }

    @Test
    void theLoginPageTakesNothingFromElsewhereAndHasNothingInline() {
        try (Served served = bench.serve()) {
            String page = get(served.address("/login")).body();

            assertThat(page)
                    .contains("<html lang=\"en\"", "<label class=\"form-label\" for=\"password\">", "<main", "<h1")
                    .doesNotContain("<script", "<style", " style=", "onclick", "http://", "https://");
            Matcher sheets =
                    Pattern.compile("rel=\"stylesheet\" href=\"([^\"]+)\"").matcher(page);
            int found = 0;
            while (sheets.find()) {
                found++;
                assertThat(get(served.address("/").resolve(sheets.group(1))).statusCode())
                        .as(sheets.group(1))
                        .isEqualTo(200);
            }
            assertThat(found).isEqualTo(2);
        }
    }

    @Test
    void whereBrowsersComeByHttpsCookiesAndHostsAreKeptToIt() {
        bench.set("keyvault-backup.dashboard.public-url", "https://backup.example.org/");
        try (Served served = bench.serve()) {
            HttpResponse<String> page = get(served.address("/login"));
            assertThat(page.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
            assertThat(Browser.setCookies(page))
                    .allSatisfy(cookie -> assertThat(cookie)
                            .startsWith("__Host-keyvault-backup-csrf=")
                            .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/"));
            HttpResponse<String> in;
            try (Browser browser = new Browser()) {
                // The JDK's cookies obey Secure as well, and this way is none of HTTPS.
                in = browser.post(
                        served.address("/login"),
                        Map.of(
                                "_csrf",
                                Browser.csrf(page),
                                "password",
                                served.told().path("one_time_password").asString()),
                        "Cookie",
                        Browser.setCookies(page).getFirst().split(";", 2)[0]);
            }
            assertThat(Browser.setCookies(in))
                    .anySatisfy(cookie -> assertThat(cookie)
                            .startsWith("__Host-keyvault-backup=")
                            .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/"));
        }
    }

    @Test
    void itAnswersByItsOwnNamesAlone() throws IOException {
        bench.set("keyvault-backup.dashboard.public-url", "https://backup.example.org");
        try (Served served = bench.serve()) {
            int port = served.address("/").getPort();
            assertThat(statusOf(port, "/login", "127.0.0.1:" + port)).isEqualTo(200);
            assertThat(statusOf(port, "/login", "localhost:" + port)).isEqualTo(200);
            assertThat(statusOf(port, "/login", "[::1]:" + port)).isEqualTo(200);
            assertThat(statusOf(port, "/login", "Backup.example.org")).isEqualTo(200);
            assertThat(statusOf(port, "/login", "elsewhere.example:" + port)).isEqualTo(400);
            assertThat(statusOf(port, "/login", "127.0.0.1.elsewhere.example")).isEqualTo(400);
            assertThat(statusOf(port, "/css/login.css", "elsewhere.example")).isEqualTo(400);
            int management = served.managementAddress("/").getPort();
            assertThat(statusOf(management, "/actuator/health/liveness", "10.1.2.3:" + management))
                    .as("probes come by the pod's address")
                    .isEqualTo(200);
        }
    }

    /** By hand, as no client of the JDK says that it wants another host than it asks. */
    private static int statusOf(int port, String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    @Test
    void theManagementPortTellsTheRestToWhoHasTheToken() {
        bench.set("keyvault-backup.dashboard.access.metrics-token", TOKEN);
        try (Served served = bench.serve()) {
            assertThat(management(served, "/actuator/health/liveness")).isEqualTo(200);
            assertThat(management(served, "/actuator/health/readiness")).isEqualTo(200);
            for (String path : new String[] {
                "/actuator/health",
                "/actuator/prometheus",
                "/actuator",
                "/",
                "/login",
                "/css/login.css",
                "/api/v1/fleet"
            }) {
                assertThat(management(served, path)).as(path).isEqualTo(401);
                assertThat(management(served, path, "Authorization", "Bearer " + TOKEN.replace('f', 'e')))
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(management(served, "/actuator/health", "Authorization", "Bearer " + TOKEN))
                    .isEqualTo(200);
            assertThat(management(served, "/actuator/prometheus", "Authorization", "Bearer " + TOKEN))
                    .isNotIn(401, 403);
            assertThat(management(served, "/login", "Authorization", "Bearer " + TOKEN))
                    .as("no page is there")
                    .isEqualTo(403);
            assertThat(get(served.address("/actuator/health"), "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .as("nor does the token open a page")
                    .isEqualTo(302);
        }
    }

    @Test
    void withoutATokenNothingElseIsToldUnlessMetricsAreOpen() {
        try (Served served = bench.serve()) {
            assertThat(management(served, "/actuator/health", "Authorization", "Bearer "))
                    .isEqualTo(401);
            assertThat(management(served, "/actuator/prometheus")).isEqualTo(401);
        }
        bench.set("keyvault-backup.dashboard.access.metrics-open", "true");
        try (Served served = bench.serve()) {
            assertThat(management(served, "/actuator/prometheus")).isNotIn(401, 403);
            assertThat(management(served, "/actuator/health")).isEqualTo(401);
        }
    }

    private static int management(Served served, String path, String... headers) {
        return get(served.managementAddress(path), headers).statusCode();
    }
}
