package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.testservices.OidcServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API's bearer tokens: which of them are good, and what is said of the others. */
class TokenTest extends EmulatedVaultTest {

    private static final Map<String, Object> OPERATOR =
            Map.of("realm_access", Map.of("roles", List.of("ops", "other")));

    private final OidcServer provider = OidcServer.shared();
    private final Browser script = new Browser();
    private Served served;

    @BeforeEach
    void serve() {
        served = bench.with(Probes.InRealTime.class)
                .set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.role-claim", "realm_access.roles")
                .set("keyvault-backup.dashboard.access.grants[0].value", "ops")
                .set("keyvault-backup.dashboard.access.grants[0].role", "operator")
                .set("keyvault-backup.dashboard.access.grants[0].vaults[0]", "team-a")
                .set("keyvault-backup.dashboard.access.grants[1].value", "look")
                .set("keyvault-backup.dashboard.access.grants[1].role", "viewer")
                .serve();
    }

    @AfterEach
    void stop() {
        script.close();
        served.close();
    }

    private HttpResponse<String> ask(String path, String token) {
        return script.get(served.address(path), "Authorization", "Bearer " + token);
    }

    private HttpResponse<String> post(String path, String token) {
        return script.post(served.address(path), Map.of(), "Authorization", "Bearer " + token);
    }

    @Test
    void aGoodTokenOpensTheApiAndNoPage() {
        String token = provider.token(OPERATOR);

        assertThat(ask("/api/v1/probe", token).body()).isEqualTo("a-robot TOKEN operator");
        assertThat(post("/api/v1/probe/team-a.vault.azure.net", token).body())
                .as("without a proof of a page: no browser adds a token by itself")
                .isEqualTo("asked");
        assertThat(ask("/api/v1/probe/team-b.vault.azure.net", token).statusCode())
                .isEqualTo(404);
        assertThat(ask("/probe", token).statusCode()).isEqualTo(302);
        assertThat(script.cookie("keyvault-backup")).as("no session of a token").isEmpty();
    }

    @Test
    void whoHasNoTokenOrNoRoleIsTold() {
        assertProblem(script.get(served.address("/api/v1/probe")), 401, "Send a bearer token");
        assertProblem(ask("/api/v1/probe", provider.token(Map.of())), 403, "You have no role at this dashboard.");
        String viewer = provider.token(Map.of("realm_access", Map.of("roles", List.of("look"))));
        assertThat(ask("/api/v1/probe", viewer).statusCode()).isEqualTo(200);
        assertProblem(post("/api/v1/probe", viewer), 403, "Your role does not allow this.");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, detail);
    }

    private void assertRefused(String what, String token) {
        HttpResponse<String> answer = ask("/api/v1/probe", token);
        assertThat(answer.statusCode()).as(what).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).as(what).contains("Bearer error=\"invalid_token\"");
        assertThat(answer.body()).as(what).contains("The bearer token is not one of this dashboard's provider");
    }

    @Test
    void otherTokensAreRefused() throws JOSEException {
        Date past = Date.from(Instant.now().minus(Duration.ofMinutes(2)));
        Date soon = Date.from(Instant.now().plus(Duration.ofMinutes(5)));

        assertRefused("another issuer", changed("iss", "https://login.example.org"));
        assertRefused("another audience", changed("aud", "another-program"));
        assertRefused("expired", changed("exp", past));
        assertRefused("not yet", changed("nbf", soon));
        assertRefused("a login's", changed("nonce", "n-0S6_WzA2Mj"));
        assertRefused(
                "for ever",
                provider.token(
                        OidcServer.key(),
                        claims -> claims.claim("realm_access", OPERATOR.get("realm_access"))
                                .expirationTime(null)));
        assertRefused(
                "another key of the same name",
                provider.token(
                        OidcServer.key("one"), claims -> claims.claim("realm_access", OPERATOR.get("realm_access"))));
        for (int guess = 0; guess < 5; guess++) {
            assertRefused(
                    "a key that the provider does not have",
                    provider.token(OidcServer.key("key-" + guess), claims -> OPERATOR.forEach(claims::claim)));
        }
        assertRefused(
                "signed by nobody",
                new PlainJWT(provider.claims(claims -> OPERATOR.forEach(claims::claim))).serialize());
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
                provider.claims(claims -> OPERATOR.forEach(claims::claim)));
        shared.sign(new MACSigner(OidcServer.key().toRSAPublicKey().getEncoded()));
        assertRefused("signed with the public key as a shared secret", shared.serialize());
        assertRefused("no token", "made-up");
    }

    private String changed(String claim, Object value) {
        return provider.token(OidcServer.key(), claims -> {
            OPERATOR.forEach(claims::claim);
            claims.claim(claim, value);
        });
    }
}
