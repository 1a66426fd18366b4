package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobItem;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Listed vaults that have a store of their own: one in a directory, one in a container; a third is in the general store. */
class OwnStoreTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NEXT_NIGHT = "2026-11-25T03:00:00Z";

    private EmulatedVault inContainer;
    private EmulatedVault general;
    private Path own;
    private Azurite.Container container;

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
        vault.secrets("app", 3);
        inContainer = emulator.vault("in-container");
        inContainer.secrets("app", 2);
        general = emulator.vault("general");
        general.secrets("app", 1);
        own = directory.resolve("own");
        container = Azurite.shared().newContainer();
    }

    private static String part(int index, String part) {
        return "keyvault-backup.fleet.vaults[" + index + "]." + part;
    }

    private static String folder(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    private static String address(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).toString();
    }

    /** Three vaults, three stores. */
    private void giveEachAStore() {
        bench.set("keyvault-backup.vaults[0]", general.uri().toString())
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "store.directory"), own.toString())
                .set(part(1, "name"), inContainer.uri().toString())
                .set(part(1, "store.connection-string"), container.connectionString())
                .set(part(1, "store.container"), container.name());
    }

    private List<String> inOwnDirectory() {
        return filesIn(own);
    }

    private static List<String> filesIn(Path root) {
        try (Stream<Path> files = Files.exists(root) ? Files.walk(root) : Stream.empty()) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> blobsIn(String container) {
        return Azurite.shared().client(container).listBlobs().stream()
                .map(BlobItem::getName)
                .toList();
    }

    private static JsonNode lineOf(Bench.Result result, String type, String vault) {
        return result.lines(type).stream()
                .filter(line -> line.path("vault").asString("").equals(vault))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.out() + result.err()));
    }

    private Bench.Result done(String... arguments) {
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    @Test
    void eachVaultIsBackedUpIntoItsOwnStoreAndItsLeaseIsThere() {
        // given
        giveEachAStore();

        // when
        Bench.Result result = done("backup", "--json", "--scheduled-for", NIGHT);

        // then each store has what is of its vault, and nothing else
        assertThat(bench.blobs().keySet()).isNotEmpty().allMatch(name -> name.startsWith(folder(general) + "/"));
        assertThat(inOwnDirectory())
                .anyMatch(name -> name.startsWith(folder(vault) + "/manifests/"))
                .noneMatch(name -> name.startsWith(folder(general)) || name.startsWith(folder(inContainer)));
        assertThat(blobsIn(container.name())).isNotEmpty().allMatch(name -> name.startsWith(folder(inContainer) + "/"));
        // and the leases lie beside the copies
        assertThat(blobsIn(container.name() + "-leases")).containsExactly(folder(inContainer));
        assertThat(inOwnDirectory()).anyMatch(name -> name.contains("lease") && name.contains(folder(vault)));
        // and each run tells where
        assertThat(lineOf(result, "summary", address(vault)).path("store").asString())
                .isEqualTo(own.toString());
        assertThat(lineOf(result, "summary", address(inContainer)).path("store").asString())
                .endsWith(container.name());
        assertThat(lineOf(result, "summary", address(general)).path("store").asString())
                .isEqualTo(bench.store().toString());
    }

    @Test
    void theNextNightTakesOverWhatTheOwnStoreHas() {
        // given vaults that were left alone for a minute before the next night
        vault = emulator.vault(VaultSettings.of("skipping").withClock(SkippingTime.CLOCK));
        vault.secrets("app", 3);
        inContainer = emulator.vault(VaultSettings.of("skipping-too").withClock(SkippingTime.CLOCK));
        inContainer.secrets("app", 2);
        giveEachAStore();
        done("backup", "--json", "--scheduled-for", NIGHT);
        SkippingTime.skip(Duration.ofMinutes(1));

        // when
        Bench.Result next = done("backup", "--json", "--scheduled-for", NEXT_NIGHT);

        // then
        assertThat(lineOf(next, "summary", address(vault))
                        .path("outcomes")
                        .path("UNCHANGED")
                        .asInt())
                .isEqualTo(3);
        assertThat(lineOf(next, "summary", address(inContainer))
                        .path("outcomes")
                        .path("UNCHANGED")
                        .asInt())
                .isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
    }

    @Test
    void aVaultThatIsGivenAStoreOfItsOwnIsCopiedThereWholeAndItsFormerSnapshotsAreNotSeen() {
        // given
        bench.set("keyvault-backup.vaults[0]", vault.uri().toString());
        done("backup", "--json", "--scheduled-for", NIGHT);
        bench.without("keyvault-backup.vaults[0]")
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "store.directory"), own.toString());

        // when
        Bench.Result next = done("backup", "--json", "--scheduled-for", NEXT_NIGHT);

        // then
        assertThat(next.outcomes()).containsEntry("BACKED_UP", 3L);
        assertThat(done("snapshots", "--json").lines("snapshot")).hasSize(1);
        done("verify", "--json", "--read-data");
        // and with --store, which names one store for all, they are
        assertThat(done("snapshots", "--json", "--store", bench.store().toString())
                        .lines("snapshot"))
                .hasSize(1)
                .allSatisfy(snapshot ->
                        assertThat(snapshot.path("snapshot").asString()).startsWith("20261124"));
    }

    @Test
    void aRelaunchWithoutTheDatabaseRecoversFromTheOwnStore() {
        // given a run of which one object failed
        giveEachAStore();
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .always()
                .forbid("ForbiddenByRbac");
        Bench.Result first = bench.run("backup", "--json", "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out()).isNotZero();
        vault.requests().reset();

        // when the database is another
        forbidden.cancel();
        bench.set(
                "keyvault-backup.data-directory",
                directory.resolve("other-data").toString());
        Bench.Result again = done("backup", "--json", "--scheduled-for", NIGHT);

        // then
        assertThat(lineOf(again, "summary", address(vault))
                        .path("outcomes")
                        .path("BACKED_UP")
                        .asInt())
                .isEqualTo(3);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void theVerbsFindEachSnapshotWhereItIs() throws IOException {
        // given
        giveEachAStore();
        done("backup", "--json", "--scheduled-for", NIGHT);
        String file = directory.resolve("exported").toString();
        String name = vault.uri().toString();

        // then all are listed and proven
        assertThat(done("snapshots", "--json").lines("snapshot")).hasSize(3);
        assertThat(done("verify", "--json", "--read-data").lines("summary")).hasSize(3);
        assertThat(done("find", "app*", "--json").lines("object")).hasSize(6);
        assertThat(done("ls", "latest", "--vault", name, "--json").lines("object"))
                .hasSize(3);
        done("pin", "latest", "--vault", name);
        assertThat(inOwnDirectory()).anyMatch(blob -> blob.startsWith(folder(vault) + "/labels/"));
        done("export", "secret/app000001", "--snapshot", "latest", "--vault", name, "--out", file);
        assertThat(Path.of(file)).isNotEmptyFile();

        // and restored: the report is beside the snapshot
        EmulatedVault target = emulator.vault("target");
        Bench.Result restored = done(
                "restore",
                "--json",
                "--yes",
                "--from",
                name,
                "--to",
                target.uri().toString());
        assertThat(restored.summary().path("store").asString("")).isEqualTo(own.toString());
        assertThat(inOwnDirectory()).anyMatch(blob -> blob.startsWith(folder(vault) + "/reports/"));

        // and forgotten
        done("unpin", "latest", "--vault", name);
        done("backup", "--json", "--full", "--scheduled-for", NEXT_NIGHT);
        assertThat(done("forget", "--json", "--keep-last", "1").lines("summary"))
                .hasSize(3)
                .allSatisfy(summary ->
                        assertThat(summary.path("snapshots_removed").asInt()).isEqualTo(1));
        assertThat(inOwnDirectory())
                .noneMatch(blob -> blob.matches(".*/manifests/20261124T030000Z.*[.]json"))
                .anyMatch(blob -> blob.matches(".*/manifests/20261125T030000Z.*[.]json"));
        assertThat(blobsIn(container.name())).noneMatch(blob -> blob.contains("/manifests/20261124T030000Z"));
        done("verify", "--json", "--read-data");
    }

    @Test
    void oneStoreThatFailsFailsItsVaultAlone() {
        // given a store that is not there
        giveEachAStore();
        bench.set(part(0, "store.directory"), directory.resolve("not/there").toString());

        // when
        Bench.Result backedUp = bench.run("backup", "--json", "--scheduled-for", NIGHT);

        // then
        JsonNode vaults = backedUp.lines("vaults").getFirst();
        assertThat(vaults.path("done").asInt())
                .as(backedUp.out() + backedUp.err())
                .isEqualTo(2);
        assertThat(vaults.path("not_done").toString()).contains(address(vault));
        assertThat(lineOf(backedUp, "error", address(vault)).path("message").asString())
                .contains("not/there");

        // and the verbs that read tell it, and go on with the others
        Bench.Result listed = bench.run("snapshots", "--json");
        assertThat(listed.exitCode()).isEqualTo(10);
        assertThat(listed.lines("snapshot")).hasSize(2);
        assertThat(lineOf(listed, "error", folder(vault)).path("message").asString())
                .contains("not/there");
        Bench.Result verified = bench.run("verify", "--json");
        assertThat(verified.exitCode()).as(verified.out()).isEqualTo(3);
        assertThat(verified.lines("summary")).hasSize(2);
        Bench.Result found = bench.run("find", "app*", "--json");
        assertThat(found.lines("object")).hasSize(3);
        assertThat(found.exitCode()).isEqualTo(10);
        Bench.Result forgotten = bench.run("forget", "--json", "--keep-last", "1");
        assertThat(forgotten.exitCode()).as(forgotten.out()).isEqualTo(3);
        assertThat(forgotten.lines("summary")).hasSize(2);
    }

    @Test
    void theStoreOfTheCommandLineHoldsForEveryVault() {
        // given
        giveEachAStore();
        Path elsewhere = directory.resolve("elsewhere");

        // when
        Bench.Result result = done("backup", "--json", "--scheduled-for", NIGHT, "--store", elsewhere.toString());

        // then
        assertThat(result.lines("summary"))
                .hasSize(3)
                .allSatisfy(
                        summary -> assertThat(summary.path("store").asString()).isEqualTo(elsewhere.toString()));
        assertThat(inOwnDirectory()).isEmpty();
        assertThat(blobsIn(container.name())).isEmpty();
        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void theDoctorExaminesEachStoreOnceAndNamesIt() {
        // given two vaults in one store of their own
        giveEachAStore();
        bench.set(part(2, "name"), general.uri().toString()).set(part(2, "store.directory"), own.toString());

        // when
        Bench.Result result = bench.run("doctor", "--json");

        // then
        assertThat(result.lines("check").stream()
                        .filter(finding -> finding.path("check").asString().equals("reach"))
                        .map(finding -> finding.path("subject").asString())
                        .filter(subject -> subject.startsWith("store")))
                .as(result.out() + result.err())
                .hasSize(3)
                .anyMatch(subject -> subject.equals("store " + bench.store()))
                .anyMatch(subject -> subject.startsWith("store " + own + " of ")
                        && subject.contains(folder(vault))
                        && subject.contains(folder(general)))
                .anyMatch(subject -> subject.contains(container.name()) && subject.endsWith(folder(inContainer)));
    }

    @Test
    void allThatIsWrongWithStoresIsToldAtOnceAndNoSecret() {
        // given
        bench.set("keyvault-backup.store.lease", "5s")
                .set(part(0, "name"), "team-a")
                .set(part(0, "store.container-url"), "https://x.blob.core.windows.net/a?sig=secretOfTheUrl")
                .set(part(0, "store.directory"), "/backups")
                .set(part(1, "name"), "team-b")
                .set(part(1, "store.sas-token"), "sv=secretOfTheToken")
                .set(part(2, "name"), "team-c")
                .set(part(2, "store.connection-string"), "AccountKey=secretOfTheString")
                .set(part(3, "name"), "team-d")
                .set(part(3, "store.container-url"), "https://x.blob.core.windows.net/backups")
                .set(part(3, "store.lease"), "30s")
                .set(part(4, "name"), "team-e")
                .set(part(4, "store.directory"), "/backups")
                .set(part(4, "immutable-for"), "30d")
                .set(part(5, "name"), "team-f")
                .set(part(5, "retention.keep-daily"), "0")
                .set(part(6, "name"), "team-g")
                .set(part(6, "retention.keep-last"), "-1")
                .set(part(7, "name"), "team-h")
                .set(part(7, "store"), "/backups");

        // when
        Bench.Result result = bench.run("backup", "--json");
        Bench.Result again = bench.without(part(7, "store")).run("backup", "--json", "--debug");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).contains("keyvault-backup.fleet.vaults[7].store");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.out())
                .contains("More than one store is given: keyvault-backup.fleet.vaults[0].store.directory")
                .contains(
                        "keyvault-backup.fleet.vaults[0].store.container-url is https://x.blob.core.windows.net/a?(hidden)")
                .contains("No store is given. Set one of keyvault-backup.fleet.vaults[1].store.directory")
                .contains("keyvault-backup.fleet.vaults[1].store.sas-token (its value is secret) has no signature")
                .contains("keyvault-backup.fleet.vaults[2].store.connection-string (its value is secret) names neither")
                .contains(
                        "keyvault-backup.store.lease is 5s; leases of Blob Storage, as for keyvault-backup.fleet.vaults[3].store,")
                .contains("keyvault-backup.fleet.vaults[3].store.lease (bench.properties, line ")
                .contains("has store.connectionstring, store.container, store.containerurl, store.directory,")
                .contains("keyvault-backup.fleet.vaults[4].immutable-for: a directory (/backups) can protect nothing")
                .contains("keyvault-backup.fleet.vaults[5].retention: no rule of it keeps anything")
                .contains("keyvault-backup.fleet.vaults[6].retention.keep-last: -1");
        assertThat(result.out() + result.err() + again.out() + again.err()).doesNotContain("secretOf");
    }

    @Test
    void aDirectoryOfAVaultsOwnProtectsNothingThatAllAreToHaveProtected() {
        // given
        bench.onContainer(Azurite.shared().newContainer(), "racwl")
                .set("keyvault-backup.store.immutable-for", "30d")
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "store.directory"), own.toString());

        // when
        Bench.Result result = bench.run("backup", "--json");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains("keyvault-backup.fleet.vaults[0].store.directory: a directory (")
                .contains("keyvault-backup.store.immutable-for");
        // but with one container for all it does
        assertThat(bench.run("backup", "--json", "--store", "https://127.0.0.1:1/devstoreaccount1/one")
                        .exitCode())
                .isNotEqualTo(2);
    }

    @Test
    void whatIsAskedOfTheVaultsOwnContainerIsAskedThere() {
        // given a general directory, which could protect nothing
        bench.set(part(0, "name"), inContainer.uri().toString())
                .set(part(0, "immutable-for"), "30d")
                .set(part(0, "store.connection-string"), container.connectionString())
                .set(part(0, "store.container"), container.name())
                .set(part(1, "name"), vault.uri().toString());

        // when
        Bench.Result result = done("backup", "--json", "--scheduled-for", NIGHT);

        // then Azurite refuses each retention that it is asked for, so what was asked is told
        assertThat(lineOf(result, "summary", address(inContainer))
                        .path("not_protected")
                        .asString(""))
                .isNotEmpty();
        assertThat(lineOf(result, "summary", address(vault)).has("not_protected"))
                .isFalse();
    }

    @Test
    void whatIsInADirectoryIsPassedOverWhereOthersCanBeProtected() {
        // given
        giveEachAStore();
        done("backup", "--json", "--scheduled-for", NIGHT);

        // when
        Bench.Result result = done("protect", "--json", "--dry-run");
        Bench.Result text = done("protect", "--dry-run");
        Bench.Result alone =
                bench.run("protect", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(lineOf(result, "summary", folder(inContainer))
                        .path("snapshots")
                        .asInt(-1))
                .isZero();
        assertThat(lineOf(result, "summary", folder(vault)).path("possible").asBoolean(true))
                .isFalse();
        assertThat(text.out()).contains(folder(vault) + ": passed over");
        assertThat(alone.exitCode()).isEqualTo(2);
        assertThat(alone.out()).contains("A directory can protect nothing");
    }

    @Test
    void aPlaceThatIsGivenAndStandsForNothingIsRefused() {
        // given what variables that nobody set make of it
        bench.set(part(0, "name"), vault.uri().toString())
                .set(part(0, "store.container-url"), "${NOBODY_SET_THIS:}")
                .set(part(1, "name"), inContainer.uri().toString())
                .set(part(1, "store.directory"), "${NOR_THIS}");

        // when
        Bench.Result result = bench.run("backup", "--json");

        // then neither goes to where all others are, or into a directory of that name
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.out() + result.err())
                .contains("No store is given. Set one of keyvault-backup.fleet.vaults[0].store.directory")
                .contains("keyvault-backup.fleet.vaults[1].store.directory: ${NOR_THIS} stands for nothing");
        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void manyVaultsWhoseOneOwnStoreFailsKeepNoOtherFromBeingBegun() throws IOException {
        // given more of them in a row than make a launch give up
        Path nowhere = Files.writeString(directory.resolve("a-file"), "");
        for (int number = 0; number < 12; number++) {
            EmulatedVault one = emulator.vault("lost" + number);
            one.secret("password");
            bench.set(part(number, "name"), one.uri().toString())
                    .set(
                            part(number, "store.directory"),
                            nowhere.resolve("store").toString());
        }
        bench.set(part(12, "name"), general.uri().toString());

        // when
        Bench.Result result = bench.run("backup", "--json", "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(lineOf(result, "summary", address(general)).path("status").asString())
                .isEqualTo("COMPLETE");
        assertThat(result.lines("vaults").getFirst().path("not_begun").asInt()).isZero();
    }

    @Test
    void theStopOfAVaultThatHasNotBegunTheNightIsInItsOwnStore() {
        // given
        giveEachAStore();
        backUpTheGeneralOneAlone();

        // when
        done("stop", "--json");

        // then
        assertThat(inOwnDirectory()).anyMatch(name -> name.startsWith(folder(vault) + "/stops/20261124T030000Z-"));
        assertThat(blobsIn(container.name()))
                .anyMatch(name -> name.startsWith(folder(inContainer) + "/stops/20261124T030000Z-"));
        assertThat(bench.blobs().keySet()).noneMatch(name -> name.contains("/stops/"));
        assertThat(bench.run("backup", "--json", "--scheduled-for", NIGHT).exitCode())
                .isEqualTo(5);
        assertThat(vault.requests().total() + inContainer.requests().total()).isZero();
    }

    @Test
    void aStoreThatFailsKeepsTheStopOfNoOtherVaultFromBeingStored() throws IOException {
        // given the store of the vault that comes first
        giveEachAStore();
        Path nowhere = Files.writeString(directory.resolve("a-file"), "");
        bench.set(part(0, "store.directory"), nowhere.resolve("store").toString());
        backUpTheGeneralOneAlone();

        // when
        Bench.Result stop = bench.run("stop", "--json");

        // then
        assertThat(stop.exitCode()).as(stop.out() + stop.err()).isEqualTo(3);
        assertThat(lineOf(stop, "error", address(vault)).path("message").asString())
                .isNotEmpty();
        assertThat(lineOf(stop, "summary", address(inContainer)).path("state").asString())
                .isEqualTo("NOT_BEGUN");
        assertThat(blobsIn(container.name())).anyMatch(name -> name.startsWith(folder(inContainer) + "/stops/"));
    }

    /** By which the night is under way. */
    private void backUpTheGeneralOneAlone() {
        done(
                "backup",
                "--json",
                "--scheduled-for",
                NIGHT,
                "--vault",
                general.uri().toString());
    }
}
