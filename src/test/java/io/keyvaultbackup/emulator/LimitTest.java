package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitTest {

    private static KeyVaultEmulator emulator;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @Test
    void exactlyTheLimitIsGrantedAndTheWindowSlides() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault =
                emulator.vault(VaultSettings.of("limited").withClock(clock).withLimit(RequestLimit.of(5)));
        vault.secret("one");
        Clients clients = Clients.of(emulator, vault);
        var secrets = clients.secrets();

        // when
        secrets.backupSecret("one");
        secrets.backupSecret("one");
        clock.advance(Duration.ofSeconds(6));
        secrets.backupSecret("one");
        secrets.backupSecret("one");
        secrets.backupSecret("one");

        // then
        assertThatThrownBy(() -> secrets.backupSecret("one"))
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("\"code\":\"Throttled\"")
                .hasMessageContaining("Request was not processed because too many requests were received. Reason:"
                        + " VaultRequestTypeLimitReached");
        assertThat(clients.lastAnswer().status()).isEqualTo(429);
        assertThat(clients.lastAnswer().header("Retry-After")).isEmpty();

        // when
        clock.advance(Duration.ofSeconds(4));
        secrets.backupSecret("one");
        secrets.backupSecret("one");

        // then
        assertThatThrownBy(() -> secrets.backupSecret("one")).isInstanceOf(HttpResponseException.class);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(9);
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(7);
        assertThat(vault.requests().throttled()).isEqualTo(2);
        assertThat(vault.requests().cost()).isEqualTo(7);
        assertThat(vault.requests().peakCost()).isEqualTo(5);
        assertThat(vault.limit().granted()).isEqualTo(7);
        assertThat(vault.limit().refused()).isEqualTo(2);
        assertThat(vault.limit().remaining()).isZero();
        assertThat(vault.requests().firstArrival()).isEqualTo(clock.instant().minusSeconds(10));
        assertThat(vault.requests().lastArrival()).isEqualTo(clock.instant());
    }

    @Test
    void refusalsMayNameAPause() {
        // given
        EmulatedVault vault = emulator.vault(
                VaultSettings.of("told").withLimit(RequestLimit.of(0).withRetryAfter(Duration.ofSeconds(7))));
        Clients clients = Clients.of(emulator, vault);

        // when, then
        assertThatThrownBy(() -> clients.secrets().backupSecret("one")).isInstanceOf(HttpResponseException.class);
        assertThat(clients.lastAnswer().header("Retry-After")).isEqualTo("7");
    }

    @Test
    void aCompetitorTakesFromTheSameLimit() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault =
                emulator.vault(VaultSettings.of("shared").withClock(clock).withLimit(RequestLimit.published()));
        vault.secret("one");
        var secrets = Clients.of(emulator, vault).secrets();

        // when
        boolean granted = vault.limit().tryTake(3_999);

        // then
        assertThat(granted).isTrue();
        secrets.backupSecret("one");
        assertThat(vault.limit().tryTake(1)).isFalse();
        assertThatThrownBy(() -> secrets.backupSecret("one")).isInstanceOf(HttpResponseException.class);
        assertThat(vault.requests().cost()).isEqualTo(1);
        vault.limit().change(null);
        secrets.backupSecret("one");
        assertThat(vault.limit().remaining()).isInfinite();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, 1",
        "RSA_3072, 4",
        "RSA_4096, 8",
        "EC, 1",
        "RSA_2048_HSM, 2",
        "RSA_3072_HSM, 8",
        "RSA_4096_HSM, 16",
        "EC_HSM, 2"
    })
    void aKeyCostsWhatItsTypeSays(KeyType type, int cost) {
        // given
        EmulatedVault vault = emulator.vault("keys");
        vault.key("one").type(type);

        // when
        Clients.of(emulator, vault).keys().backupKey("one");

        // then
        assertThat(vault.requests().cost()).isEqualTo(cost);
    }

    @Test
    void threeHundredSecretsCanBeSetAndTwentyKeysMade() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault =
                emulator.vault(VaultSettings.of("creating").withClock(clock).withLimit(RequestLimit.published()));
        Clients clients = Clients.of(emulator, vault);
        var secrets = clients.secrets();
        var keys = clients.keys();

        // when
        for (int number = 0; number < 300; number++) {
            secrets.setSecret("secret", "value");
        }

        // then
        assertThatThrownBy(() -> secrets.setSecret("secret", "value")).isInstanceOf(HttpResponseException.class);
        clock.advance(Duration.ofSeconds(10));
        for (int number = 0; number < 20; number++) {
            keys.createRsaKey(new CreateRsaKeyOptions("key-" + number).setKeySize(2048));
        }
        assertThatThrownBy(() -> keys.createRsaKey(new CreateRsaKeyOptions("another").setKeySize(2048)))
                .isInstanceOf(HttpResponseException.class);
        assertThat(vault.requests().count(Operation.SET, 200)).isEqualTo(300);
        assertThat(vault.requests().count(Operation.CREATE, 200)).isEqualTo(20);
        assertThat(vault.requests().throttled()).isEqualTo(2);
        assertThat(vault.requests().peakCost()).isEqualTo(4_000);
    }
}
