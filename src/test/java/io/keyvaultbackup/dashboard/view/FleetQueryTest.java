package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetQueryTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    /** A thousand vaults; every tenth is too old, the older the higher its number, and one has no copy. */
    private static final FleetView FLEET = new FleetView(
            NOW,
            IntStream.range(0, 1_000).mapToObj(FleetQueryTest::vault).toList(),
            Reading.known(List.of()),
            Reading.known(new StoreState("here", java.util.Set.of(), java.util.Map.of(), java.util.Map.of())),
            List.of(),
            Duration.ofHours(26),
            null,
            null);

    private static VaultRow vault(int number) {
        VaultAddress address = VaultAddress.parse("vault-%04d.vault.azure.net".formatted(number));
        boolean old = number % 10 == 0;
        return new VaultRow(
                address,
                number == 500 ? Standing.NO_COPY : old ? Standing.TOO_OLD : Standing.GOOD,
                number == 500
                        ? null
                        : GoodCopy.of(
                                new SnapshotId("s" + number),
                                NOW.minus(old ? Duration.ofHours(27L + number) : Duration.ofHours(9)),
                                NOW),
                Duration.ofHours(26),
                null,
                null);
    }

    private static List<String> names(FleetQuery.Page page) {
        return page.rows().stream().map(VaultRow::name).toList();
    }

    @Test
    void whoeverNeedsToBeLookedAtIsFirst() {
        FleetQuery.Page page = FleetQuery.of(null, null, null, null, 1).of(FLEET);

        assertThat(names(page)).hasSize(50).startsWith("vault-0500", "vault-0990", "vault-0980");
        assertThat(page.total()).isEqualTo(1_000);
        assertThat(page.pages()).isEqualTo(20);
        assertThat(page.counts())
                .containsEntry(Standing.NO_COPY, 1L)
                .containsEntry(Standing.TOO_OLD, 99L)
                .containsEntry(Standing.GOOD, 900L)
                .containsEntry(Standing.DAMAGED, 0L);
    }

    @Test
    void sortsEitherWay() {
        assertThat(names(FleetQuery.of("", null, "vault", null, 1).of(FLEET))).startsWith("vault-0000", "vault-0001");
        assertThat(names(FleetQuery.of("", null, "vault", "reverse", 1).of(FLEET)))
                .startsWith("vault-0999", "vault-0998");
        assertThat(names(FleetQuery.of("", null, "age", null, 1).of(FLEET)))
                .as("none at all is older than any")
                .startsWith("vault-0500", "vault-0990");
        assertThat(names(FleetQuery.of("", null, "age", "reverse", 1).of(FLEET)))
                .startsWith("vault-0001");
    }

    @Test
    void filtersByNameAndStanding() {
        FleetQuery.Page page =
                FleetQuery.of(" VAULT-01 ", "too_old", "vault", null, 1).of(FLEET);

        assertThat(names(page)).startsWith("vault-0100", "vault-0110").hasSize(10);
        assertThat(page.counts())
                .as("of those that have the name, whatever is chosen")
                .containsEntry(Standing.GOOD, 90L)
                .containsEntry(Standing.TOO_OLD, 10L);
    }

    @Test
    void pagesHoldEachVaultOnce() {
        List<String> all = IntStream.rangeClosed(1, 20)
                .boxed()
                .flatMap(page ->
                        names(FleetQuery.of(null, null, null, null, page).of(FLEET)).stream())
                .toList();

        assertThat(all).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(FleetQuery.of(null, null, null, null, 999).of(FLEET))
                .satisfies(last -> assertThat(last.page()).isEqualTo(20))
                .satisfies(last -> assertThat(last.rows()).hasSize(50));
    }

    @Test
    void whatAnAddressSaysWronglyIsAsIfItWereNotSaid() {
        assertThat(FleetQuery.of(null, "fine", "colour", "upwards", -3))
                .isEqualTo(new FleetQuery("", null, FleetQuery.Sort.STANDING, false, 1));
        assertThat(FleetQuery.of("x".repeat(5_000), null, null, null, 1).text()).hasSize(200);
    }
}
