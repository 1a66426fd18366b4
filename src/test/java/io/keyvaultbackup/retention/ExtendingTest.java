package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.backup.SleepingMachine;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.StorageRight;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code protect}, where it goes wrong; seen at the stand-in only. The rest is in {@code ImmutableBackupTest}. */
class ExtendingTest extends EmulatedVaultTest {

    private static final int SECRETS = 40;
    private static final int AT_A_TIME = 8;
    private final ImmutableStorage storage = new ImmutableStorage(InstantSource.system());

    @BeforeEach
    void backUp() {
        SleepingMachine.SLEPT.set(Duration.ZERO);
        vault = emulator.vault(VaultSettings.of("extended").withClock(SkippingTime.CLOCK));
        vault.secrets("app", SECRETS);
        bench.with(SleepingMachine.class).with(SkippingTime.class).set("keyvault-backup.refresh-days", "0");
        bench.onContainer(storage.connectionString(StorageRight.ADD, StorageRight.READ), storage.container());
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-01-05T03:00:00Z", "--immutable-for", "2d"));
        SkippingTime.skip(Duration.ofMinutes(1)); // within one second of the service's Date all would be copied anew
        assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-01-06T03:00:00Z", "--immutable-for", "30d"));
        bench.onContainer(storage.connectionString(StorageRight.READ, StorageRight.SET_POLICY), storage.container());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        return result;
    }

    private Bench.Result protect() {
        return bench.run("protect", "--json", "--vault", vault.uri().toString());
    }

    private static boolean sets(ImmutableStorage.Request request) {
        return "immutabilityPolicies".equals(request.query().get("comp"));
    }

    @Test
    void whoHasLostTheLeaseExtendsNothingMoreAndTheNextOneGoesOn() {
        // given a machine that sleeps in the first request that extends something
        storage.refusing(500, "never", request -> {
            if (sets(request)) {
                SleepingMachine.SLEPT.set(SleepingMachine.LIFETIME);
            }
            return false;
        });

        // when
        Bench.Result lost = assertEnds(3, protect());

        // then what was under way is all that was extended
        long set = storage.requests().stream().filter(ExtendingTest::sets).count();
        assertThat(set).isBetween(1L, (long) AT_A_TIME);
        assertThat(lost.summary().path("ending_early").asInt()).isEqualTo(SECRETS);
        assertThat(lost.summary().path("extended").asLong()).isEqualTo(set);
        assertThat(lost.lines("error")).singleElement().satisfies(error -> {
            assertThat(error.path("object").asString()).isEqualTo("the lease");
            assertThat(error.path("message").asString()).contains("is lost: somebody else has it");
        });

        // and
        SleepingMachine.SLEPT.set(Duration.ZERO);
        storage.refusing(500, "never", request -> false);
        assertThat(assertEnds(0, protect()).summary().path("extended").asLong()).isEqualTo(SECRETS - set);
    }

    /** What is to be kept is so by the service's clock. */
    @Test
    void aClockThatIsFarAheadExtendsAllTheSame() {
        SleepingMachine.SLEPT.set(Duration.ofDays(40));

        Bench.Result protect = assertEnds(0, protect());

        assertThat(protect.summary().path("snapshots").asInt()).isEqualTo(2);
        assertThat(protect.summary().path("extended").asInt()).isEqualTo(SECRETS);
    }

    @Test
    void whatFailsIsToldWithItsVault() {
        // given a store that refuses to list
        storage.refusing(
                403,
                "AuthorizationPermissionMismatch",
                request -> request.blob().isEmpty());

        Bench.Result refused =
                bench.run("protect", "--json", "--vault", vault.uri().toString());

        assertThat(refused.exitCode()).as(refused.out() + refused.err()).isEqualTo(13);
        assertThat(refused.lines("error"))
                .singleElement()
                .satisfies(error -> assertThat(error.path("vault").asString())
                        .isEqualTo("localhost_" + vault.uri().getPort()));
    }
}
