package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedResourceManager;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that share a night of discovered vaults, two of which have a store of their own by the list of the configuration. */
@Timeout(300)
class SharedOwnStoreTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String OURS = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final int SECRETS = 2;

    private List<EmulatedVault> vaults;
    private EmulatedResourceManager azure;
    private Path own;
    private Bench first;
    private Bench second;

    @BeforeEach
    void prepare() throws IOException {
        azure = emulator.resourceManager();
        vaults = IntStream.range(0, 6)
                .mapToObj(number -> {
                    EmulatedVault made = emulator.vault("team-" + number);
                    made.secrets("app", SECRETS);
                    azure.vault(made.uri() + "/", OURS, "production", "westeurope", Map.of());
                    return made;
                })
                .toList();
        own = directory.resolve("own");
        Postgres.Database database = Postgres.shared().newDatabase();
        first = pod(bench, database);
        second = pod(new Bench(Files.createDirectory(directory.resolve("second")), emulator), database)
                .set("keyvault-backup.store.directory", bench.store().toString());
    }

    private Bench pod(Bench pod, Postgres.Database database) {
        pod.with(FastTime.class)
                .set("keyvault-backup.store.lease", "10s")
                .set("keyvault-backup.vaults-at-once", "2")
                .set("keyvault-backup.fleet.discovery.enabled", "true")
                .set("keyvault-backup.fleet.discovery.endpoint", azure.uri().toString())
                .onDatabase(database);
        for (int listed = 0; listed < 2; listed++) {
            String vault = "keyvault-backup.fleet.vaults[" + listed + "].";
            pod.set(vault + "name", vaults.get(listed).uri().toString()).set(vault + "store.directory", own.toString());
        }
        return pod;
    }

    private static Bench.Result shares(Bench pod) {
        return pod.run("backup", "--json", "--shared", "--scheduled-for", NIGHT);
    }

    private static String folder(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    private static Set<String> folders(List<EmulatedVault> vaults) {
        return vaults.stream().map(SharedOwnStoreTest::folder).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of which vaults a store has a manifest. */
    private static Set<String> vaultsWithAManifestIn(Path store) {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile)
                    .map(store::relativize)
                    .filter(file -> file.getNameCount() > 2
                            && file.getName(1).toString().equals("manifests"))
                    .map(file -> file.getName(0).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void assertDone(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    @Test
    void eachVaultIsBackedUpOnceIntoTheStoreThatItsListGivesItWhicheverPodTakesIt() throws Exception {
        // when
        CompletableFuture<Bench.Result> running = CompletableFuture.supplyAsync(
                () -> shares(first), program -> Thread.ofPlatform().start(program));
        Bench.Result ended = shares(second);
        Bench.Result other = running.get(2, TimeUnit.MINUTES);

        // then
        assertDone(ended);
        assertDone(other);
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
        assertThat(Stream.concat(other.lines("summary").stream(), ended.lines("summary").stream()))
                .hasSize(vaults.size());
        assertThat(vaultsWithAManifestIn(own)).isEqualTo(folders(vaults.subList(0, 2)));
        assertThat(vaultsWithAManifestIn(bench.store())).isEqualTo(folders(vaults.subList(2, 6)));

        // and each pod finds and reads all of them
        Bench.Result verified = second.run("verify", "--json", "--read-data");
        assertDone(verified);
        assertThat(verified.lines("summary"))
                .extracting(summary -> summary.path("vault").asString())
                .containsExactlyInAnyOrderElementsOf(folders(vaults));
    }

    @Test
    void anOwnStoreThatFailsFailsItsVaultsAloneAndAPodThatComesLaterContinuesThem() throws IOException {
        // given what is not a directory
        Files.writeString(own, "in the way");

        // when
        Bench.Result failed = shares(first);
        Files.delete(own);
        Bench.Result later = shares(second);

        // then
        assertThat(failed.exitCode()).as(failed.out() + failed.err()).isEqualTo(3);
        assertThat(vaultsWithAManifestIn(bench.store())).isEqualTo(folders(vaults.subList(2, 6)));
        assertDone(later);
        assertThat(later.lines("summary"))
                .extracting(summary -> summary.path("vault").asString())
                .containsExactlyInAnyOrderElementsOf(vaults.subList(0, 2).stream()
                        .map(one -> one.uri().toString())
                        .toList());
        assertThat(vaultsWithAManifestIn(own)).isEqualTo(folders(vaults.subList(0, 2)));
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
    }
}
