package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a vault stands follows from what is known of it. */
class RowFactsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final VaultAddress VAULT = VaultAddress.parse("team-a.vault.azure.net");
    private static final Duration OBJECTIVE = Duration.ofHours(26);
    private static final Reading<StoreState> NO_STORE = Reading.missing("No store is configured.", "");
    private static final Reading<StoreState> STORE = Reading.known(new StoreState(
            "here",
            Set.of(VAULT.storeName()),
            Map.of(VAULT.storeName(), new SnapshotId("20261127T030000Z-4f2a9c")),
            Map.of()));

    private static VaultSummary summary(@Nullable Duration completeAge, @Nullable Instant failingSince, int damage) {
        Instant complete = completeAge == null ? NOW : NOW.minus(completeAge);
        return new VaultSummary(
                VAULT,
                new VaultSummary.Latest(new SnapshotId("latest"), NOW, RunStatus.COMPLETE),
                List.of(RunStatus.COMPLETE),
                completeAge == null
                        ? null
                        : new VaultSummary.Complete(new SnapshotId("good"), complete, complete, complete, null),
                failingSince,
                null,
                null,
                0,
                new VaultSummary.Verified(NOW, "manifest", damage, 0),
                null,
                NOW);
    }

    private static VaultRow row(
            @Nullable VaultSummary summary, Reading<StoreState> store, boolean told, boolean listed) {
        return new RowFacts(VAULT, summary, store, told, listed, OBJECTIVE, null).row(NOW);
    }

    @Test
    void theAgeOfTheNewestGoodCopyDecides() {
        assertThat(row(summary(Duration.ofHours(25), null, 0), NO_STORE, true, true)
                        .standing())
                .isEqualTo(Standing.GOOD);
        assertThat(row(summary(OBJECTIVE, null, 0), NO_STORE, true, true).standing())
                .isEqualTo(Standing.GOOD);
        assertThat(row(summary(Duration.ofHours(27), null, 0), NO_STORE, true, true)
                        .standing())
                .isEqualTo(Standing.TOO_OLD);
        assertThat(row(summary(null, NOW, 0), NO_STORE, true, true).standing()).isEqualTo(Standing.NO_COPY);
        assertThat(row(null, NO_STORE, true, true).standing()).isEqualTo(Standing.NO_COPY);
    }

    @Test
    void runsThatFailWithinTheObjectiveAreAWarning() {
        assertThat(row(summary(Duration.ofHours(25), NOW.minusSeconds(60), 0), NO_STORE, true, true)
                        .standing())
                .isEqualTo(Standing.FAILING);
    }

    @Test
    void damageIsWorseThanAnything() {
        assertThat(row(summary(Duration.ofHours(27), NOW, 1), NO_STORE, true, true)
                        .standing())
                .isEqualTo(Standing.DAMAGED);
    }

    @Test
    void whatIsNoLongerListedIsNoTrouble() {
        assertThat(row(summary(Duration.ofDays(90), NOW, 1), NO_STORE, true, false)
                        .standing())
                .isEqualTo(Standing.NOT_LISTED)
                .matches(standing -> !standing.isTrouble());
    }

    @Test
    void theStoreTellsWhereTheDatabaseDoesNot() {
        VaultRow row = row(null, STORE, false, true);

        assertThat(row.standing()).isEqualTo(Standing.GOOD);
        assertThat(row.good())
                .isNotNull()
                .satisfies(good -> assertThat(good.age()).isEqualTo(Duration.ofHours(9)));
        assertThat(row(null, NO_STORE, false, true).standing()).isEqualTo(Standing.UNKNOWN);
        assertThat(row(null, new Reading.Awaited<>(), false, true).standing()).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void aCopyIsAsOldAsItsRunBeganUnlessMoreIsKnown() {
        Instant begun = NOW.minus(Duration.ofHours(3));
        VaultSummary known = summary(Duration.ofHours(3), null, 0);

        assertThat(row(known, NO_STORE, true, true).good())
                .isNotNull()
                .satisfies(good -> assertThat(good.asOf()).isEqualTo(begun));
        VaultSummary consistent = new VaultSummary(
                VAULT,
                known.latest(),
                known.strip(),
                new VaultSummary.Complete(new SnapshotId("good"), begun, begun, NOW, begun.plusSeconds(600)),
                null,
                null,
                null,
                0,
                null,
                null,
                NOW);
        assertThat(row(consistent, NO_STORE, true, true).good())
                .isNotNull()
                .satisfies(good -> assertThat(good.asOf()).isEqualTo(begun.plusSeconds(600)));
    }
}
