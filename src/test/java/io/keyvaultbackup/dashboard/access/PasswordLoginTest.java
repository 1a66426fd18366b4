package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import java.net.HttpCookie;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laptop's way in: a password that is printed at the start, and the session that it opens. */
class PasswordLoginTest extends EmulatedVaultTest {

    private static final String SESSION = "keyvault-backup";

    private Served served;
    private final Browser browser = new Browser();

    @BeforeEach
    void serve() {
        bench.with(Probes.class);
        served = bench.serve();
    }

    @AfterEach
    void stop() {
        browser.close();
        served.close();
    }

    private String password() {
        return served.told().path("one_time_password").asString();
    }

    private HttpResponse<String> logIn(Browser who) {
        return who.logIn(served.address("/"), password());
    }

    private int probed(Browser who) {
        return who.get(served.address("/probe")).statusCode();
    }

    @Test
    void thePasswordIsGoodOnce() {
        assertThat(password()).matches("[0-9a-f]{32}");
        assertThat(logIn(browser)).satisfies(answer -> {
            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).contains("/");
        });
        assertThat(browser.get(served.address("/probe")).body())
                .isEqualTo(System.getProperty("user.name") + " PASSWORD operator");

        try (Browser second = new Browser()) {
            HttpResponse<String> refused = logIn(second);
            assertThat(refused.headers().firstValue("Location")).contains("/login?refused=wrong-password");
            assertThat(second.get(Browser.next(refused)).body())
                    .contains(
                            "not the one-time password, or it was used already",
                            "End the dashboard and start it again");
            assertThat(probed(second)).isEqualTo(302);
        }
    }

    @Test
    void thePasswordIsGoodForTenMinutes() {
        Probes.CLOCK.advance(Duration.ofMinutes(10));

        assertThat(logIn(browser).headers().firstValue("Location")).contains("/login?refused=wrong-password");
        assertThat(probed(browser)).isEqualTo(302);
    }

    @Test
    void whoGuessesHasToWait() {
        for (int guess = 0; guess < 5; guess++) {
            assertThat(browser.logIn(served.address("/"), "guess " + guess).statusCode())
                    .isEqualTo(302);
            Probes.CLOCK.advance(Duration.ofSeconds(1));
        }

        assertThat(browser.post(
                                served.address("/%6Cogin"),
                                Map.of(
                                        "_csrf",
                                        Browser.csrf(browser.get(served.address("/login"))),
                                        "password",
                                        "a guess"))
                        .statusCode())
                .as("by another way to write the path")
                .isEqualTo(429);
        HttpResponse<String> limited = logIn(browser);

        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("56");
        assertThat(limited.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(limited.body()).contains("Too many attempts", "56 seconds");
        Probes.CLOCK.advance(Duration.ofSeconds(56));
        assertThat(logIn(browser).headers().firstValue("Location"))
                .as("what was refused for the limit has not used the password")
                .contains("/");
    }

    @Test
    void theSessionIsNewAtTheLogin() {
        HttpCookie planted = new HttpCookie(SESSION, "AAAABBBBCCCCDDDDEEEEFFFF00001111");
        planted.setPath("/");
        planted.setDomain(served.address("/").getHost());
        browser.take(planted);

        HttpResponse<String> answer = logIn(browser);

        String cookie = Browser.setCookies(answer).stream()
                .filter(set -> set.startsWith(SESSION + "="))
                .findFirst()
                .orElseThrow();
        assertThat(cookie)
                .doesNotContain("AAAABBBB")
                .contains("HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Secure");
        assertThat(probed(browser)).isEqualTo(200);
        try (Browser planter = new Browser()) {
            planter.take(planted);
            assertThat(probed(planter)).isEqualTo(302);
        }
    }

    @Test
    void nothingIsKeptOfWhoOnlyLooks() {
        assertThat(Browser.setCookies(browser.get(served.address("/login"))))
                .allSatisfy(cookie ->
                        assertThat(cookie).startsWith("keyvault-backup-csrf=").contains("HttpOnly"));
        assertThat(Browser.setCookies(browser.get(served.address("/fleet"))))
                .allSatisfy(cookie ->
                        assertThat(cookie).startsWith("keyvault-backup-page=").contains("HttpOnly"));
    }

    @Test
    void aSessionEndsWhenItIsOldOrLeftAlone() {
        logIn(browser);
        for (int hour = 0; hour < 8; hour++) {
            assertThat(probed(browser)).isEqualTo(200);
            Probes.CLOCK.advance(Duration.ofMinutes(59));
        }
        assertThat(probed(browser)).as("after 7:52").isEqualTo(200);
        Probes.CLOCK.advance(Duration.ofMinutes(8));
        assertThat(probed(browser)).as("after 8 hours").isEqualTo(302);

        served.close();
        served = bench.serve();
        logIn(browser);
        assertThat(probed(browser)).isEqualTo(200);
        Probes.CLOCK.advance(Duration.ofHours(1));
        assertThat(probed(browser)).as("left alone for an hour").isEqualTo(302);
    }

    @Test
    void whatIsDoneHasToComeFromAPageOfHere() {
        logIn(browser);
        String token = Browser.csrf(browser.get(served.address("/login")));
        String proof = browser.proof(served.address("/login"));

        assertThat(browser.post(served.address("/probe"), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(browser.post(served.address("/probe"), Map.of("_csrf", "made-up"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.post(served.address("/api/v1/probe"), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(browser.post(served.address("/logout"), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(browser.post(served.address("/probe"), Map.of("_csrf", token))
                        .body())
                .startsWith("done for");
        assertThat(browser.post(served.address("/probe"), Map.of(), "X-CSRF-TOKEN", proof, "HX-Request", "true")
                        .body())
                .as("as htmx does it")
                .startsWith("done for");
        assertThat(browser.post(served.address("/api/v1/probe"), Map.of(), "X-CSRF-TOKEN", proof)
                        .body())
                .startsWith("done for");
    }

    @Test
    void logsOut() {
        logIn(browser);
        String before = browser.cookie(SESSION).orElseThrow().getValue();

        HttpResponse<String> out = browser.post(
                served.address("/logout"), Map.of("_csrf", Browser.csrf(browser.get(served.address("/login")))));

        assertThat(out.headers().firstValue("Location")).contains("/login?out");
        assertThat(browser.get(Browser.next(out)).body()).contains("You are logged out.");
        HttpCookie kept = new HttpCookie(SESSION, before);
        kept.setPath("/");
        kept.setDomain(served.address("/").getHost());
        browser.take(kept);
        assertThat(probed(browser))
                .as("the session is gone, and not just its cookie")
                .isEqualTo(302);
    }

    @Test
    void peopleGetToThePageThatTheyWanted() {
        assertThat(browser.get(served.address("/probe?of=today")).headers().firstValue("Location"))
                .contains("/login");

        assertThat(logIn(browser).headers().firstValue("Location")).contains("/probe?of=today");
    }

    @Test
    void thePageThatIsWantedIsOneOfHere() {
        String elsewhere = java.util.Base64.getUrlEncoder()
                .encodeToString("//elsewhere.example/".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        HttpCookie planted = new HttpCookie("keyvault-backup-page", elsewhere);
        planted.setPath("/");
        planted.setDomain(served.address("/").getHost());
        browser.take(planted);

        assertThat(logIn(browser).headers().firstValue("Location")).contains("/");
    }

    @Test
    void aPartOfAPageSendsThePageToTheLogin() {
        HttpResponse<String> part = browser.get(served.address("/probe"), "HX-Request", "true");

        assertThat(part.statusCode()).isEqualTo(401);
        assertThat(part.headers().firstValue("HX-Redirect")).contains("/login");
    }

    @Test
    void everybodyWhoCameInOrDidNotIsWrittenDown() {
        browser.logIn(served.address("/"), "a guess");
        logIn(browser);
        browser.post(served.address("/probe"), Map.of());
        browser.post(served.address("/logout"), Map.of("_csrf", Browser.csrf(browser.get(served.address("/login")))));

        assertThat(bench.jdbc()
                        .sql(
                                "SELECT who, by_way, from_address, action, subject, outcome FROM dashboard_audit ORDER BY audit_id")
                        .query((row, number) -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " "
                                + row.getString(4) + " " + row.getString(5) + " " + row.getString(6))
                        .list())
                .containsExactly(
                        "- session 127.0.0.1 login wrong-password refused",
                        me() + " password 127.0.0.1 login null done",
                        me() + " password 127.0.0.1 refused POST /probe refused",
                        me() + " password 127.0.0.1 logout null done");
    }

    private static String me() {
        return System.getProperty("user.name");
    }
}
