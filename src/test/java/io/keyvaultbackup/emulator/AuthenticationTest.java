package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AuthenticationTest {

    private static KeyVaultEmulator emulator;

    private EmulatedVault vault;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @BeforeEach
    void newVault() {
        vault = emulator.vault("guarded");
        vault.secret("one");
    }

    @AfterEach
    void usualTokens() {
        emulator.tokens().reset();
    }

    @Test
    void theFirstRequestIsChallengedAndTheNextOnesAreNot() {
        // given
        Clients clients = Clients.of(emulator, vault, new DefaultAzureCredentialBuilder().build());
        var secrets = clients.secrets();

        // when
        secrets.backupSecret("one");
        secrets.backupSecret("one");

        // then
        assertThat(clients.answers()).extracting(Clients.RawAnswer::status).containsExactly(401, 200, 200);
        assertThat(clients.answers().getFirst().header("WWW-Authenticate"))
                .isEqualTo("Bearer authorization=\"https://login.windows.net/" + AccessTokens.TENANT
                        + "\", resource=\"https://vault.azure.net\"");
        assertThat(vault.requests().count(Operation.CHALLENGE)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.CHALLENGE, 401)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
        assertThat(vault.requests().total()).isEqualTo(2);
    }

    @Test
    void expiredForeignAndMisdirectedTokensAreRefused() {
        // given
        TokenEndpoint tokens = emulator.tokens();
        String other = tokens.token("https://storage.azure.com");
        tokens.lifetime(Duration.ofSeconds(-1));
        String expired = tokens.token("https://vault.azure.net");

        // when, then
        assertRefused(expired, "AKV10022: Invalid or expired Bearer or PoP token.");
        assertRefused(other, "AKV10022: Invalid audience.");
        assertRefused(
                new AccessTokens().issue("https://vault.azure.net", Instant.now(), Duration.ofHours(1)),
                "Invalid or expired");
        assertRefused("nonsense", "Invalid or expired");
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void aTokenThatExpiresInMidSessionIsRefusedUntilItIsRenewed() {
        // given
        TokenEndpoint tokens = emulator.tokens();
        MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        tokens.clock(clock);
        tokens.lifetime(Duration.ofSeconds(60));
        RenewableCredential credential = new RenewableCredential(tokens);
        var secrets = Clients.of(emulator, vault, credential).secrets();
        secrets.backupSecret("one");

        // when
        clock.advance(Duration.ofSeconds(59));
        secrets.backupSecret("one");
        clock.advance(Duration.ofSeconds(1));

        // then
        assertThatThrownBy(() -> secrets.backupSecret("one")).isInstanceOf(HttpResponseException.class);
        credential.renew();
        Clients.of(emulator, vault, credential).secrets().backupSecret("one");
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.CHALLENGE)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theSdkRenewsAShortLivedTokenByItself() {
        // given
        TokenEndpoint tokens = emulator.tokens();
        tokens.lifetime(Duration.ofSeconds(2));
        long before = tokens.issued();
        TokenCredential credential = new ManagedIdentityCredentialBuilder().build();
        var request = new TokenRequestContext().addScopes("https://short-lived.example/.default");

        // when
        AccessToken first = credential.getTokenSync(request);
        AccessToken second = credential.getTokenSync(request);
        long issued = tokens.issued() - before;

        // then
        assertThat(first.getExpiresAt())
                .isBefore(OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(3));
        assertThat(second.getToken()).isNotEqualTo(first.getToken());
        assertThat(issued).isEqualTo(2);
    }

    @Test
    void revokedTokensMeetAClaimsChallenge() {
        // given
        RenewableCredential credential = new RenewableCredential(emulator.tokens());
        Clients clients = Clients.of(emulator, vault, credential);
        var secrets = clients.secrets();
        secrets.backupSecret("one");

        // when
        vault.revokeTokens();
        credential.renew();
        secrets.backupSecret("one");

        // then
        List<Clients.RawAnswer> answers = clients.answers();
        assertThat(answers).extracting(Clients.RawAnswer::status).containsExactly(401, 200, 401, 200);
        assertThat(answers.get(2).header("WWW-Authenticate")).contains("error=\"insufficient_claims\"", "claims=\"");
        assertThat(credential.claims).contains("access_token");
    }

    @Test
    void tokensAreWhatTheServicesExpect() throws Exception {
        // given
        emulator.tokens().lifetime(Duration.ofHours(1));
        TokenCredential credential = new ManagedIdentityCredentialBuilder().build();

        // when
        String token = credential
                .getTokenSync(new TokenRequestContext().addScopes("https://storage.azure.com/.default"))
                .getToken();

        // then
        JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
        assertThat(claims.getAudience()).containsExactly("https://storage.azure.com");
        assertThat(claims.getIssuer()).startsWith("https://sts.windows.net/").endsWith("/");
        assertThat(claims.getExpirationTime().toInstant()).isAfter(Instant.now());
        assertThat(claims.getNotBeforeTime().toInstant()).isBefore(Instant.now());
        assertThat(claims.getStringClaim("tid")).isEqualTo(AccessTokens.TENANT);
        assertThat(claims.getStringClaim("oid")).isNotBlank();
        assertThat(emulator.tokens().environment())
                .containsEntry("IDENTITY_ENDPOINT", System.getenv("IDENTITY_ENDPOINT"))
                .containsEntry("IDENTITY_HEADER", System.getenv("IDENTITY_HEADER"));
    }

    private void assertRefused(String token, String message) {
        assertThatThrownBy(() -> Clients.of(emulator, vault, new FixedCredential(token))
                        .secrets()
                        .backupSecret("one"))
                .hasMessageContaining(message)
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(401));
    }

    private record FixedCredential(String token) implements TokenCredential {

        @Override
        public Mono<AccessToken> getToken(TokenRequestContext request) {
            return Mono.fromSupplier(() -> getTokenSync(request));
        }

        @Override
        public AccessToken getTokenSync(TokenRequestContext request) {
            return new AccessToken(token, OffsetDateTime.now(ZoneOffset.UTC).plusHours(1));
        }
    }

    @Test
    void noPortIsAVaultsTwice() {
        // given
        int vaults = 50;
        int emulators = 10;

        // when
        Set<Integer> ports = new HashSet<>();
        for (int number = 0; number < emulators; number++) {
            try (KeyVaultEmulator another = KeyVaultEmulator.start()) {
                for (int name = 0; name < vaults; name++) {
                    ports.add(another.vault("vault-" + name).uri().getPort());
                }
            }
        }

        // then
        assertThat(ports).hasSize(emulators * vaults);
    }

    /** Gives the same token until it is told to fetch another. */
    private static final class RenewableCredential implements TokenCredential {

        private final TokenEndpoint tokens;
        private String token;
        private String claims = "";

        RenewableCredential(TokenEndpoint tokens) {
            this.tokens = tokens;
            this.token = tokens.token("https://vault.azure.net");
        }

        void renew() {
            token = tokens.token("https://vault.azure.net");
        }

        @Override
        public Mono<AccessToken> getToken(TokenRequestContext request) {
            return Mono.fromSupplier(() -> getTokenSync(request));
        }

        @Override
        public AccessToken getTokenSync(TokenRequestContext request) {
            claims = request.getClaims() == null ? claims : request.getClaims();
            return new AccessToken(token, OffsetDateTime.now(ZoneOffset.UTC).plusHours(1));
        }
    }
}
