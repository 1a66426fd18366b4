package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedResourceManager;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code stop} without {@code --vault}, where vaults are discovered: Azure is asked which these are, as before a backup. */
@Timeout(300)
class DiscoveredStopTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String OURS = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final int SECRETS = 3;

    private EmulatedResourceManager azure;
    private List<EmulatedVault> vaults;

    /** A night that one vault of three has not finished, and the second neither. */
    @BeforeEach
    void leaveANightIncomplete() {
        azure = emulator.resourceManager();
        bench.with(FastTime.class)
                .set("keyvault-backup.fleet.discovery.enabled", "true")
                .set("keyvault-backup.fleet.discovery.endpoint", azure.uri().toString());
        vaults = IntStream.range(0, 3)
                .mapToObj(number -> known("team-" + number))
                .toList();
        vaults.subList(0, 2)
                .forEach(one -> one.faults()
                        .on(Operation.BACKUP, "secret", "app000001")
                        .times(1)
                        .forbid("ForbiddenByRbac"));
        assertEnds(3, backUp());
    }

    private EmulatedVault known(String name) {
        EmulatedVault made = emulator.vault(name);
        made.secrets("app", SECRETS);
        azure.vault(made.uri() + "/", OURS, "production", "westeurope", Map.of());
        return made;
    }

    private Bench.Result backUp() {
        return bench.run("backup", "--json", "--scheduled-for", NIGHT);
    }

    private static void assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    }

    private void assertIsStoppedUntilARetry() {
        Map<EmulatedVault, Long> before = new HashMap<>();
        vaults.forEach(one -> before.put(one, one.requests().total()));
        assertEnds(5, backUp());
        assertThat(before)
                .allSatisfy((one, calls) -> assertThat(one.requests().total()).isEqualTo(calls));
        assertEnds(0, bench.run("retry", "--json"));
        assertThat(vaults.stream().mapToLong(one -> one.requests().count(Operation.BACKUP)))
                .containsExactly(SECRETS + 1L, SECRETS + 1L, (long) SECRETS);
    }

    @Test
    void theRunsOfAllVaultsThatAreFoundAreStopped() {
        // given a vault that has appeared since
        EmulatedVault fresh = known("fresh");
        Collection<String> lists = lists();

        // when
        Bench.Result stop = bench.run("stop", "--json");

        // then
        assertEnds(0, stop);
        assertThat(stop.states())
                .isEqualTo(Map.of(
                        vaults.get(0).uri().toString(), "STOPPED",
                        vaults.get(1).uri().toString(), "STOPPED",
                        vaults.get(2).uri().toString(), "COMPLETE",
                        fresh.uri().toString(), "NOT_BEGUN"));
        assertThat(lists()).as("the list is a backup's to keep").isEqualTo(lists);
        azure.forget(fresh.uri() + "/");
        assertIsStoppedUntilARetry();
    }

    @Test
    void whereAzureDoesNotTellTheLastKnownListsAreStoppedAndItIsSaid() {
        // given
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result stop = bench.run("stop", "--json");

        // then
        assertEnds(3, stop);
        assertThat(stop.states().values()).containsExactlyInAnyOrder("STOPPED", "STOPPED", "COMPLETE");
        assertThat(stop.lines("error"))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.path("message").asString()).contains("The 3 vaults of the last known list"));
    }

    @Test
    void whereNoListIsKnownNothingIsStoppedAndItIsSaid() {
        // given a store that has none
        azure.refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");
        bench.set(
                "keyvault-backup.store.directory", directory.resolve("another").toString());

        // when
        Bench.Result stop = bench.run("stop", "--json");

        // then
        assertEnds(13, stop);
        assertThat(stop.lines("summary")).isEmpty();
        assertThat(stop.lines("error")).hasSize(1);
    }

    @Test
    void aVaultThatIsNamedNeedsNoAnswerOfAzures() {
        // given
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result stop =
                bench.run("stop", "--json", "--vault", vaults.getFirst().uri().toString());

        // then
        assertEnds(0, stop);
        assertThat(stop.states()).isEqualTo(Map.of(vaults.getFirst().uri().toString(), "STOPPED"));
    }

    private Collection<String> lists() {
        return bench.blobs().keySet().stream()
                .filter(name -> name.startsWith("fleet/"))
                .toList();
    }
}
