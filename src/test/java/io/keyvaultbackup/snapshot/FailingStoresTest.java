package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.vault.FailureReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store of many vaults that fails at some of them: the real SDK, on a way on which listings are refused. */
class FailingStoresTest extends EmulatedVaultTest {

    private static final int TRIES = FailureReason.STORE_UNAVAILABLE.tries();
    private static final FaultyWay.Fault BUSY = new FaultyWay.Fault.Refusal(503, "ServerBusy", "a fault", Map.of());

    private final FaultyWay way = new FaultyWay(Azurite.shared().accountUrl());
    private List<String> names = List.of();

    @BeforeEach
    void backUpSix() {
        bench.with(FastTime.class);
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", Azurite.connectionString(way.url()))
                .set(
                        "keyvault-backup.store.container",
                        Azurite.shared().newContainer().name());
        List<String> arguments = new ArrayList<>(List.of("backup", "--json"));
        names = IntStream.range(0, 6)
                .mapToObj(number -> {
                    EmulatedVault made = emulator.vault("team-" + number);
                    made.secret("app");
                    arguments.addAll(List.of("--vault", made.uri().toString()));
                    return made.uri().getAuthority().replace(':', '_');
                })
                .sorted() // as the store lists them
                .toList();
        Bench.Result result = bench.run(arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    @AfterEach
    void close() {
        way.close();
    }

    private void refuseListings(FaultyWay.Fault fault, int times, List<String> vaults) {
        vaults.forEach(vault ->
                IntStream.range(0, times).forEach(_ -> way.next("GET", "?prefix=" + vault + "/manifests/", fault)));
    }

    private static List<String> vaultsOf(Bench.Result result, String line) {
        return result.lines(line).stream()
                .map(told -> told.path("vault")
                        .asString()
                        .replaceFirst("https://", "")
                        .replace(':', '_'))
                .toList();
    }

    @Test
    void whatFailsAtOneVaultIsAskedAgainAtTheNext() {
        refuseListings(BUSY, TRIES, names.subList(1, 2));

        Bench.Result result = bench.run("snapshots", "--json");

        assertThat(vaultsOf(result, "error")).containsExactlyElementsOf(names.subList(1, 2));
        assertThat(vaultsOf(result, "snapshot")).hasSize(5).doesNotContain(names.get(1));
    }

    @Test
    void whatFailsAtSeveralInARowIsNotWaitedForAtTheRest() {
        List<String> failing = names.subList(1, 6);
        refuseListings(BUSY, TRIES, failing);
        int before = way.requests().size();

        Bench.Result result = bench.run("snapshots", "--json");

        assertThat(vaultsOf(result, "error")).containsExactlyInAnyOrderElementsOf(failing);
        assertThat(vaultsOf(result, "snapshot")).containsExactly(names.getFirst());
        assertThat(way.requests().size() - before).isBetween(3 * TRIES, 4 * TRIES);
    }

    @Test
    void whoMayNotReadAStoreIsNotAskedForEachOfItsVaults() {
        refuseListings(
                new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "a fault", Map.of()),
                1,
                names.subList(1, 2));

        Bench.Result result = bench.run("snapshots", "--json");

        assertThat(vaultsOf(result, "error")).containsExactlyInAnyOrderElementsOf(names.subList(1, 6));
    }
}
