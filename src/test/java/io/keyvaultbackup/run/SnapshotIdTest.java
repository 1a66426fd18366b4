package io.keyvaultbackup.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SnapshotIdTest {

    private static final Instant NIGHT = Instant.parse("2026-11-24T03:00:00Z");

    @Test
    void isDerivedFromVaultAndTimeAlone() {
        SnapshotId id = SnapshotId.of(VaultAddress.parse("https://Team-A.vault.azure.net:443/"), NIGHT);

        assertThat(id.value()).matches("20261124T030000Z-[0-9a-f]{6}");
        assertThat(SnapshotId.of(VaultAddress.parse("https://team-a.vault.azure.net"), NIGHT))
                .isEqualTo(id);
        assertThat(SnapshotId.of(VaultAddress.parse("https://team-b.vault.azure.net"), NIGHT))
                .isNotEqualTo(id);
        assertThat(SnapshotId.of(VaultAddress.parse("https://team-a.vault.azure.net"), NIGHT.plusSeconds(1)))
                .isNotEqualTo(id);
    }

    @Test
    void sortsByTimeAsText() {
        VaultAddress vault = VaultAddress.parse("https://team-a.vault.azure.net");

        assertThat(SnapshotId.of(vault, NIGHT).value())
                .isLessThan(SnapshotId.of(vault, NIGHT.plusSeconds(1)).value());
    }
}
