package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where somebody comes from is what a proxy says that is trusted, and nobody else. */
class TrustedProxiesTest extends EmulatedVaultTest {

    private static final String PROPERTY = "keyvault-backup.dashboard.trusted-proxies";

    /** Where Spring Boot would believe whoever has a private address. */
    @BeforeEach
    void serveOnKubernetes() {
        bench.set("spring.main.cloud-platform", "kubernetes");
    }

    private static HttpResponse<String> guess(Browser who, Served served, String forwardedFor) {
        URI login = served.address("/login");
        return who.post(
                login,
                Map.of("_csrf", Browser.csrf(who.get(login)), "password", "a guess"),
                "X-Forwarded-For",
                forwardedFor,
                "X-Forwarded-Proto",
                "https");
    }

    private List<@Nullable String> refusedFrom() {
        return bench.jdbc()
                .sql("SELECT from_address FROM dashboard_audit WHERE action = 'login' AND outcome = 'refused'"
                        + " ORDER BY audit_id")
                .query(String.class)
                .list();
    }

    @Test
    void aTrustedProxyIsBelievedWhoCame() {
        bench.set(PROPERTY, "10.0.0.0/8, 127.0.0.1, ::1/128");
        try (Served served = bench.serve();
                Browser browser = new Browser()) {
            // when
            for (int number = 0; number < 5; number++) {
                assertThat(guess(browser, served, "198.51.100.66, 203.0.113.7, 10.1.2.3")
                                .statusCode())
                        .isEqualTo(302);
            }

            // then what the client itself put in front of it is nothing
            assertThat(refusedFrom()).hasSize(5).containsOnly("203.0.113.7");
            // and who guesses too often keeps nobody else out
            assertThat(guess(browser, served, "203.0.113.7").statusCode()).isEqualTo(429);
            assertThat(guess(browser, served, "203.0.113.8").statusCode()).isEqualTo(302);
            assertThat(guess(browser, served, "2001:db8::7").statusCode()).isEqualTo(302);
            assertThat(refusedFrom().subList(5, 7)).containsExactly("203.0.113.8", "2001:db8::7");
        }
    }

    @Test
    void nobodyElseIs() {
        bench.set(PROPERTY, "10.0.0.0/8");
        try (Served served = bench.serve();
                Browser browser = new Browser()) {
            // when
            for (int number = 0; number < 5; number++) {
                guess(browser, served, "203.0.113." + number);
            }

            // then
            assertThat(refusedFrom()).hasSize(5).containsOnly("127.0.0.1");
            assertThat(guess(browser, served, "203.0.113.9").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void withoutAnyNobodyIs() {
        try (Served served = bench.serve();
                Browser browser = new Browser()) {
            guess(browser, served, "203.0.113.7");

            assertThat(refusedFrom()).containsExactly("127.0.0.1");
        }
    }

    @Test
    void whatIsNoRangeIsRefusedAtTheStart() {
        bench.set(PROPERTY, "ingress.example.org,10.0.0.0/33,cafe,0.0.0.0/0");

        Bench.Result result = bench.run("serve", "--port", "0", "--management-port", "0");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        PROPERTY + ": 'ingress.example.org' is no range",
                        PROPERTY + ": '10.0.0.0/33' is no range",
                        PROPERTY + ": 'cafe' is no range",
                        PROPERTY + ": 0.0.0.0/0 is everybody");
    }
}
