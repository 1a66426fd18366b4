package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a night costs at a vault of 10,000 objects of which one in a hundred changed, by the vault's own count. */
class NightlyCallsTest extends EmulatedVaultTest {

    private static final int OBJECTS = 10_000;
    private static final int CHANGED = OBJECTS / 100;
    private static final int REFRESH_DAYS = 7;
    private static final int PAGE = 25;
    private static final Instant FIRST_NIGHT = Instant.parse("2026-01-05T03:00:00Z");

    private Bench.Result night(int number) {
        SkippingTime.skip(Duration.ofHours(1));
        vault.requests().reset();
        Bench.Result result = bench.backUp(
                vault,
                "--scheduled-for",
                FIRST_NIGHT.plus(number, ChronoUnit.DAYS).toString());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private void change(Random random) {
        SkippingTime.skip(Duration.ofHours(1));
        int first = random.nextInt(OBJECTS / CHANGED);
        for (int number = 0; number < CHANGED; number++) {
            vault.rotate("secret", String.format("app%06d", first + number * (OBJECTS / CHANGED)));
        }
    }

    @Test
    void aNightCostsItsShareOfTheRefreshWhatChangedAndTwoListings() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        // given
        vault = emulator.vault(VaultSettings.of("ten-thousand").withClock(SkippingTime.CLOCK));
        bench.with(SkippingTime.class);
        vault.secrets("app", OBJECTS);
        assertThat(night(0).outcomes()).isEqualTo(Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
        long listings = 2 * (OBJECTS / PAGE + 2); // an empty page each of keys and certificates

        for (int number = 1; number <= 2; number++) {
            change(random);

            // when
            Bench.Result night = night(number);

            // then
            long most = OBJECTS / REFRESH_DAYS + CHANGED;
            long copied = night.outcomes().getOrDefault("BACKED_UP", 0L);
            assertThat(copied).as("copied, seed %d", seed).isBetween((long) OBJECTS / REFRESH_DAYS - 2, most);
            assertThat(night.outcomes()).containsEntry("UNCHANGED", OBJECTS - copied);
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(copied);
            assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(copied);
            assertThat(vault.requests().count(Operation.LIST)).isEqualTo(listings);
            assertThat(vault.requests().total()).isEqualTo(2 * copied + listings);
        }

        // and without the refresh, what changed alone
        bench.set("keyvault-backup.refresh-days", "0");
        change(random);
        assertThat(night(3).outcomes())
                .isEqualTo(Map.of("BACKED_UP", (long) CHANGED, "UNCHANGED", (long) OBJECTS - CHANGED));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(CHANGED);
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(CHANGED);
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(listings);
    }
}
