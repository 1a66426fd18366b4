package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedResourceManager;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Vaults that are found by asking Azure Resource Graph. */
class DiscoveryTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String OURS = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String THEIRS = "1c1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String DISCOVERY = "keyvault-backup.fleet.discovery.";

    private EmulatedVault other;
    private EmulatedResourceManager azure;

    @BeforeEach
    void prepare() {
        vault.secrets("app", 2);
        other = emulator.vault("other");
        other.secrets("app", 1);
        azure = emulator.resourceManager();
        bench.with(FastTime.class)
                .set(DISCOVERY + "enabled", "true")
                .set(DISCOVERY + "endpoint", azure.uri().toString());
    }

    private static String address(EmulatedVault of) {
        return VaultAddress.parse(of.uri().toString()).toString();
    }

    private static String folder(EmulatedVault of) {
        return VaultAddress.parse(of.uri().toString()).storeName();
    }

    private void both() {
        azure.vault(vault.uri() + "/", OURS, "production", "westeurope", Map.of("Backup", "True"))
                .vault(other.uri() + "/", OURS, "test", "eastus", Map.of("backup", "false", "group", "hourly"));
    }

    private JsonNode manifest(EmulatedVault of) {
        return bench.manifest(bench.blobs().keySet().stream()
                .filter(name -> name.startsWith(folder(of) + "/manifests/"))
                .findFirst()
                .orElseThrow());
    }

    private List<String> lists() {
        return bench.blobs().keySet().stream()
                .filter(name -> name.startsWith("fleet/"))
                .toList();
    }

    private static List<String> backedUp(Bench.Result result) {
        return result.lines("summary").stream()
                .map(summary -> summary.path("vault").asString())
                .sorted()
                .toList();
    }

    private Bench.Result backUp(String... more) {
        return bench.run(
                Stream.concat(Stream.of("backup", "--json"), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void everyVaultThatAzureNamesIsBackedUpAndItsPlaceIsRecorded() {
        // given
        azure.vault(vault.uri() + "/", OURS.toUpperCase(Locale.ROOT), "a", "westeurope", Map.of())
                .unprotectedVault(other.uri() + "/", THEIRS, "eastus")
                .managedHsm("https://hsm.managedhsm.azure.net/", OURS);

        // when
        Bench.Result result = backUp("--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(backedUp(result)).containsExactlyInAnyOrder(address(vault), address(other));
        assertThat(manifest(vault).path("subscription").asString()).isEqualTo(OURS);
        assertThat(manifest(vault).path("geography").asString()).isEqualTo("Europe");
        assertThat(manifest(other).path("subscription").asString()).isEqualTo(THEIRS);
        assertThat(manifest(other).path("geography").asString()).isEqualTo("United States");
        JsonNode told = result.lines("discovery").getFirst();
        assertThat(told.path("discovered").asBoolean()).isTrue();
        assertThat(told.path("vaults"))
                .extracting(
                        one -> one.path("vault").asString(),
                        one -> one.path("sku").asString(),
                        one -> one.path("purge_protection").asBoolean())
                .containsExactlyInAnyOrder(
                        tuple(address(vault), "standard", true), tuple(address(other), "premium", false));

        // and in words
        assertThat(bench.run("backup", "--scheduled-for", NIGHT).out())
                .contains("Discovered 2 vaults; without purge protection: " + address(other));
    }

    @Test
    void allPagesAreRead() {
        // given
        both();
        IntStream.range(0, 5)
                .forEach(number -> azure.vault(
                        "https://team-" + number + ".vault.azure.net/", THEIRS, "production", "eastus", Map.of()));
        azure.pageSize(2);
        bench.set(DISCOVERY + "exclude[0]", "team-*");

        // when
        Bench.Result result = backUp("--dry-run");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(azure.requests())
                .filteredOn(request -> request.startsWith("POST"))
                .hasSize(4);
        assertThat(result.lines("discovery").getFirst().path("vaults").size()).isEqualTo(2);
        assertThat(lists()).as("a dry run writes nothing").isEmpty();
    }

    @Test
    void onlyWhatTheConfigurationSelectsIsBackedUp() {
        // given
        both();
        azure.vault("https://team-a.vault.azure.net/", OURS, "production", "eastus", Map.of());
        bench.set(DISCOVERY + "tags.backup", "true").set(DISCOVERY + "subscriptions[0]", OURS);

        // when
        Bench.Result byTag = backUp("--dry-run");
        bench.without(DISCOVERY + "tags.backup").set(DISCOVERY + "resource-groups[0]", "TEST*");
        Bench.Result byResourceGroup = backUp("--dry-run");
        bench.set(DISCOVERY + "subscriptions[0]", THEIRS);
        Bench.Result bySubscription = backUp("--dry-run");
        bench.without(DISCOVERY + "resource-groups[0]")
                .set(DISCOVERY + "subscriptions[0]", OURS)
                .set(DISCOVERY + "include[0]", "LOCAL*");
        Bench.Result byName = backUp("--dry-run");

        // then
        assertThat(selected(byTag)).containsExactly(address(vault));
        assertThat(selected(byResourceGroup)).containsExactly(address(other));
        assertThat(selected(bySubscription)).isEmpty();
        assertThat(selected(byName)).containsExactlyInAnyOrder(address(vault), address(other));
    }

    private static List<String> selected(Bench.Result result) {
        return result.lines("discovery")
                .getFirst()
                .path("vaults")
                .valueStream()
                .map(found -> found.path("vault").asString())
                .toList();
    }

    /** Values of the configuration never come into the query: the emulator knows one text alone. */
    @Test
    void quotesInTheConfigurationChangeNoQuery() {
        // given
        azure.vault(vault.uri() + "/", OURS, "it's \"ours\"", "westeurope", Map.of("a'b", "x' or true or '"));
        azure.vault(other.uri() + "/", OURS, "other", "westeurope", Map.of());
        bench.set(DISCOVERY + "tags[a'b]", "x' or true or '").set(DISCOVERY + "resource-groups[0]", "it's \"ours\"");

        // when
        Bench.Result result = backUp("--dry-run");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(selected(result)).containsExactly(address(vault));
    }

    @Test
    void aTagNamesTheGroupAndWhatIsListedHasPrecedence() {
        // given
        both();
        bench.set(DISCOVERY + "group-tag", "Group")
                .set("keyvault-backup.fleet.vaults[0].name", address(other))
                .set("keyvault-backup.fleet.vaults[0].geography", "Elsewhere");

        // when
        Bench.Result result = backUp("--group", "hourly");
        Bench.Result none = backUp("--group", "weekly");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(backedUp(result)).containsExactly(address(other));
        assertThat(manifest(other).path("geography").asString()).isEqualTo("Elsewhere");
        assertThat(manifest(other).path("subscription").asString()).isEqualTo(OURS);
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.out()).contains("there are hourly");
    }

    @Test
    void aVaultOfTheCommandLineIsTakenAloneAndItsPlaceIsKnown() {
        // given
        both();

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(backedUp(result)).containsExactly(address(vault));
        assertThat(manifest(vault).path("geography").asString()).isEqualTo("Europe");

        // and without discovery it is backed up as well, which is told
        azure.refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");
        Bench.Result without = bench.backUp(other);
        assertThat(without.exitCode()).as(without.out() + without.err()).isZero();
        assertThat(without.lines("discovery").getFirst().path("remarks").toString())
                .contains("AuthorizationFailed");
    }

    @Test
    void whatPassesIsTriedAgainAfterTheTimeThatTheServiceAsksFor() {
        // given
        both();
        azure.refuse(2, 429, "RateLimiting", "Too many requests.", Map.of("x-ms-user-quota-resets-after", "00:00:05"));
        azure.refuse(1, 503, "ServiceUnavailable", "Later.", Map.of("Retry-After", "1"));

        // when
        Bench.Result result = backUp("--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(backedUp(result)).hasSize(2);
    }

    @Test
    void withoutGeographiesTheVaultsAreBackedUpAndThatIsTold() {
        // given
        both();
        azure.refuseLocations(403, "AuthorizationFailed", "The client may not read locations.");

        // when
        Bench.Result result = backUp("--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(manifest(vault).path("subscription").asString()).isEqualTo(OURS);
        assertThat(manifest(vault).has("geography")).isFalse();
        assertThat(result.lines("discovery").getFirst().path("remarks").toString())
                .contains("could not be asked of subscription " + OURS)
                .contains("may not read locations");
    }

    @Test
    void aDiscoveryThatFailsTakesTheLastKnownListAndTheNightIsIncomplete() {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        assertThat(backUp("--scheduled-for", "2026-11-25T03:00:00Z").exitCode()).isZero();
        assertThat(lists()).as("written only when it changed").hasSize(1);
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result result = backUp("--scheduled-for", "2026-11-26T03:00:00Z");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(backedUp(result)).containsExactlyInAnyOrder(address(vault), address(other));
        assertThat(result.lines("error")).hasSize(1);
        assertThat(result.lines("error").getFirst().path("message").asString())
                .contains("could not be discovered: 500 InternalServerError: Something broke.")
                .contains("request id 11111111-1111-1111-1111-111111111111")
                .contains("The 2 vaults of the last known list are used, which is as it was found at 20");
        assertThat(result.lines("vaults").getFirst().path("exit_code").asInt()).isEqualTo(3);
        assertThat(result.lines("discovery").getFirst().path("known_since").asString())
                .startsWith("20");
        assertThat(manifestsOf(vault))
                .hasSize(3)
                .allSatisfy(name -> assertThat(
                                bench.manifest(name).path("geography").asString())
                        .isEqualTo("Europe"));
    }

    private List<String> manifestsOf(EmulatedVault of) {
        return bench.blobs().keySet().stream()
                .filter(name -> name.startsWith(folder(of) + "/manifests/") && name.endsWith(".json"))
                .toList();
    }

    @Test
    void theStoresVerbsDoNotTakeTheListsForAVault() {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        assertThat(lists()).hasSize(1);
        azure.refuseAlways(500, "InternalServerError", "Nobody asks here.");

        // when
        Bench.Result snapshots = bench.run("snapshots", "--json");
        Bench.Result verified = bench.run("verify", "--json");
        Bench.Result forgotten = bench.run("forget", "--json", "--keep-last", "1");

        // then
        assertThat(snapshots.exitCode()).as(snapshots.out() + snapshots.err()).isZero();
        assertThat(snapshots.lines("snapshot")).hasSize(2);
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        assertThat(forgotten.exitCode()).as(forgotten.out() + forgotten.err()).isZero();
        assertThat(lists()).hasSize(1);
        assertThat(verified.lines("summary")).hasSize(2);
        assertThat(verified.out() + forgotten.out()).doesNotContain("\"fleet\"");
        assertThat(bench.run("ls", "20200101").err())
                .contains("There is no snapshot 20200101 of localhost_")
                .doesNotContain("fleet");
    }

    @Test
    void verifyMissesAVaultWhoseSnapshotsAreAllGoneAndAsksNobody() throws IOException {
        // given a vault that nobody names, one that is not selected, and one that is listed and was never backed up
        both();
        azure.vault("https://unselected.vault.invalid/", OURS, "production", "eastus", Map.of());
        bench.set(DISCOVERY + "exclude[0]", "unselected");
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        bench.set("keyvault-backup.fleet.vaults[0].name", "https://never.vault.invalid");
        remove(bench.store().resolve(folder(other)));
        int asked = azure.requests().size();

        // when
        Bench.Result result = bench.run("verify", "--json");
        Bench.Result text = bench.run("verify");
        Bench.Result alone = bench.run("verify", "--json", "--vault", address(vault));

        // then as if both were named
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.lines("summary")).hasSize(1);
        assertThat(result.lines("error"))
                .extracting(
                        error -> error.path("vault").asString(),
                        error -> error.path("exit_code").asInt())
                .containsExactlyInAnyOrder(tuple(address(other), 10), tuple("https://never.vault.invalid", 10));
        assertThat(text.err())
                .contains("There is no snapshot of " + address(other)
                        + " in the store: it was never backed up, or all of its" + " snapshots are gone.");
        assertThat(alone.exitCode()).as(alone.out() + alone.err()).isZero();
        assertThat(azure.requests()).hasSize(asked);

        // and with nothing left at all
        remove(bench.store().resolve(folder(vault)));
        Bench.Result nothing = bench.run("verify", "--json");
        assertThat(nothing.exitCode()).as(nothing.out() + nothing.err()).isEqualTo(10);
        assertThat(nothing.out()).contains(folder(vault), folder(other));
    }

    @Test
    void verifyTellsOfAListThatItCannotRead() throws IOException {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        Files.writeString(bench.store().resolve(lists().getFirst()), "{ cut off");

        // when
        Bench.Result result = bench.run("verify", "--json");
        Bench.Result text = bench.run("verify");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("discovery").getFirst().path("remarks").toString())
                .contains("cannot be read");
        assertThat(text.err()).contains("cannot be read");
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void withoutAnEarlierListTheFailureIsAllThatIsTold() {
        // given
        azure.refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");

        // when
        Bench.Result result = backUp();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.lines("error")).hasSize(1);
        assertThat(result.out())
                .contains("403 AuthorizationFailed")
                .contains("There is no earlier list in the store, so no vault is known.")
                .contains("config/azure/discovery-role.json");
        assertThat(result.lines("summary")).isEmpty();
    }

    @Test
    void anAnswerThatIsNoneIsAFailureThatPasses() {
        // given
        both();
        azure.refuse(1, 200, "none", "no rows here", Map.of());

        // when
        Bench.Result passing = backUp("--dry-run");
        azure.refuseAlways(200, "none", "no rows here");
        Bench.Result staying = backUp("--dry-run");

        // then
        assertThat(passing.exitCode()).as(passing.out() + passing.err()).isZero();
        assertThat(staying.exitCode()).as(staying.out() + staying.err()).isEqualTo(1);
        assertThat(staying.out()).contains("Azure Resource Manager's answer cannot be used");
    }

    @Test
    void anAnswerThatLacksAVaultIsAskedForAgain() {
        // given
        both();
        azure.miscount(2);

        // when
        Bench.Result passing = backUp("--dry-run");
        azure.miscount(3);
        Bench.Result staying = backUp("--dry-run");

        // then
        assertThat(passing.exitCode()).as(passing.out() + passing.err()).isZero();
        assertThat(staying.exitCode()).as(staying.out() + staying.err()).isEqualTo(1);
        assertThat(staying.out()).contains("it has 2 of 3 vaults");
    }

    @Test
    void anAzureThatCannotBeReachedIsToldByItsHost() {
        // given
        bench.set(DISCOVERY + "endpoint", "https://localhost:1");

        // when
        Bench.Result result = backUp();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(result.out()).contains("cannot connect to localhost:1");
    }

    @Test
    void aWrongConfigurationOfDiscoveryIsRefused() {
        // given
        bench.set(DISCOVERY + "subscriptions[0]", "ours").set(DISCOVERY + "endpoint", "http://management.azure.com");

        // when
        Bench.Result result = backUp();

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains(DISCOVERY + "subscriptions: ours is not")
                .contains(DISCOVERY + "endpoint: ");
        assertThat(azure.requests()).isEmpty();
    }

    @Test
    void vaultsThatAreNamedAreBackedUpWhenDiscoveryFails() {
        // given
        bench.set("keyvault-backup.vaults", address(vault));
        azure.refuseAlways(400, "BadRequest", "Not so.");

        // when
        Bench.Result result = backUp();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(5);
        assertThat(backedUp(result)).containsExactly(address(vault));
        assertThat(result.out()).contains("only the vaults that are named are known");
    }

    /** Resource Graph answers so to an identity that may read nothing. */
    @Test
    void aFleetThatVanishedAtOnceIsADiscoveryThatFailed() {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        azure.forget(vault.uri() + "/");
        azure.forget(other.uri() + "/");

        // when
        Bench.Result result = backUp("--scheduled-for", "2026-11-25T03:00:00Z");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(backedUp(result)).hasSize(2);
        assertThat(result.out()).contains("names no vault at all");
        assertThat(lists()).hasSize(1);
    }

    /** So it looks as well when the role on one subscription was lost. */
    @Test
    void aSubscriptionThatVanishedAtOnceIsADiscoveryThatFailedThereEveryNight() {
        // given
        azure.vault(vault.uri() + "/", OURS, "production", "westeurope", Map.of())
                .vault(other.uri() + "/", THEIRS, "production", "eastus", Map.of());
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        azure.forget(other.uri() + "/");

        for (String night : List.of("2026-11-25T03:00:00Z", "2026-11-26T03:00:00Z")) {
            // when
            Bench.Result result = backUp("--scheduled-for", night);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
            assertThat(backedUp(result)).containsExactlyInAnyOrder(address(vault), address(other));
            assertThat(result.lines("error")).hasSize(1);
            assertThat(result.lines("error").getFirst().path("message").asString())
                    .contains("names no vault of subscription " + THEIRS
                            + " any more, of which the last known list has 1.")
                    .contains("1 of the 2 vaults are of the last known list, which is as it was found at 20")
                    .contains("config/azure/discovery-role.json");
            assertThat(result.lines("discovery").getFirst().path("gone").isEmpty())
                    .isTrue();
            assertThat(lists()).as("the list without it is not kept").hasSize(1);
        }

        // and a vault that moved to another subscription is not missed
        azure.vault(other.uri() + "/", OURS, "production", "eastus", Map.of());
        Bench.Result moved = backUp("--scheduled-for", "2026-11-27T03:00:00Z");
        assertThat(moved.exitCode()).as(moved.out() + moved.err()).isZero();
        assertThat(lists()).hasSize(2);
    }

    @Test
    void aSelectedVaultWithoutAnAddressMakesTheNightIncomplete() {
        // given
        both();
        azure.vault("no address", THEIRS, "production", "westeurope", Map.of("Backup", "true"));

        // when
        Bench.Result selected = backUp("--scheduled-for", NIGHT);
        bench.set(DISCOVERY + "exclude[0]", "no-add*");
        Bench.Result excluded = backUp("--scheduled-for", "2026-11-25T03:00:00Z");
        bench.without(DISCOVERY + "exclude[0]").set(DISCOVERY + "tags.backup", "false");
        Bench.Result withoutTheTag = backUp("--dry-run");

        // then
        assertThat(selected.exitCode()).as(selected.out() + selected.err()).isEqualTo(3);
        assertThat(backedUp(selected)).containsExactlyInAnyOrder(address(vault), address(other));
        assertThat(selected.lines("error").getFirst().path("message").asString())
                .contains("a vault that cannot be addressed, /subscriptions/" + THEIRS)
                .contains("'no address' is not a vault's address")
                .contains("The 2 vaults that were found are used.");
        assertThat(excluded.exitCode()).as(excluded.out() + excluded.err()).isZero();
        assertThat(excluded.out()).doesNotContain("cannot be addressed");
        assertThat(withoutTheTag.exitCode())
                .as(withoutTheTag.out() + withoutTheTag.err())
                .isZero();
        assertThat(selected(withoutTheTag)).containsExactly(address(other));
    }

    @Test
    void noDrillIsBegunWhereItIsNotKnownWhichVaultsToKeepAwayFrom() {
        // given
        azure.refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");
        assertThat(bench.backUp(vault).exitCode()).isZero();

        // when
        Bench.Result result = bench.run("drill", "--from", address(vault), "--to", address(other), "--yes");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.err())
                .contains("403 AuthorizationFailed")
                .contains("it is not known which vaults are backed up")
                .contains("the drill was not begun")
                .contains("config/azure/discovery-role.json");
        assertThat(other.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void aDrillKeepsAwayFromTheVaultsOfTheLastKnownListAndSaysSo() {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result result = bench.run("drill", "--from", address(vault), "--to", address(other), "--yes");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.err())
                .contains("500 InternalServerError")
                .contains("The 2 vaults of the last known list are used");
        assertThat(other.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void aListInTheStoreDoesNotChooseWhichHostsAreContacted() {
        // given
        both();
        azure.vault("https://team-a.vault.azure.net/", OURS, "production", "eastus", Map.of())
                .vault("https://vault.azure.net.attacker.invalid/", OURS, "production", "eastus", Map.of());
        assertThat(backUp("--vault", address(vault)).exitCode()).isZero();
        assertThat(lists()).hasSize(1);
        azure.refuseAlways(500, "InternalServerError", "Something broke.");
        bench.without("keyvault-backup.azure.verify-challenge-resource")
                .set("keyvault-backup.fleet.vaults[0].name", address(other));

        // when
        Bench.Result result = backUp("--dry-run", "--vault", address(vault));

        // then
        assertThat(selected(result))
                .containsExactlyInAnyOrder("https://team-a.vault.azure.net", address(vault), address(other));
        assertThat(result.lines("discovery").getFirst().path("remarks").toString())
                .contains("names https://vault.azure.net.attacker.invalid, which is no vault's address in this cloud");
    }

    @Test
    void aListThatIsTooLargeIsPassedOver() throws IOException {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        String list = lists().getFirst();
        String text = Files.readString(bench.store().resolve(list));
        Files.writeString(
                bench.store().resolve(list.replaceFirst("-[0-9TZ]+-", "-20991124T030000Z-")),
                text + " ".repeat(16 * 1024 * 1024));
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result result = backUp("--scheduled-for", "2026-11-25T03:00:00Z");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(backedUp(result)).hasSize(2);
        assertThat(result.lines("discovery").getFirst().path("remarks").toString())
                .contains("20991124T030000Z")
                .contains("cannot be read");
    }

    @Test
    void aVaultThatIsNotNamedAnyMoreIsNotBackedUpAndThatIsToldOnce() {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        azure.forget(other.uri() + "/");
        other.requests().reset();

        // when
        Bench.Result dryRun = backUp("--dry-run");
        Bench.Result text = bench.run("backup", "--scheduled-for", "2026-11-25T03:00:00Z");
        Bench.Result next = backUp("--scheduled-for", "2026-11-26T03:00:00Z");

        // then
        assertThat(dryRun.lines("discovery").getFirst().path("gone").toString()).contains(address(other));
        assertThat(text.exitCode()).as(text.out() + text.err()).isZero();
        assertThat(text.err()).contains("Not discovered any more, and so not backed up: " + address(other));
        assertThat(next.lines("discovery").getFirst().path("gone").isEmpty()).isTrue();
        assertThat(other.requests().count(Operation.BACKUP)).isZero();
        assertThat(lists()).hasSize(2);
    }

    @Test
    void aVaultThatWasRemovedSinceIsToldOnceAndTheOthersGoOn() {
        // given
        both();
        azure.vault("https://gone.vault.invalid/", OURS, "production", "westeurope", Map.of());

        // when
        Bench.Result result = backUp("--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        JsonNode together = result.lines("vaults").getFirst();
        assertThat(together.path("done").asInt()).isEqualTo(2);
        assertThat(together.path("not_done").get(0).path("vault").asString()).isEqualTo("https://gone.vault.invalid");
        assertThat(manifest(vault).path("geography").asString()).isEqualTo("Europe");
    }

    @Test
    void aListThatCannotBeReadIsPassedOver() throws IOException {
        // given
        both();
        assertThat(backUp("--scheduled-for", NIGHT).exitCode()).isZero();
        String list = lists().getFirst();
        Files.writeString(
                bench.store().resolve(list.replaceFirst("-[0-9TZ]+-", "-20991124T030000Z-")),
                "{ cut off",
                StandardCharsets.UTF_8);
        azure.refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result result = backUp("--scheduled-for", "2026-11-25T03:00:00Z");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(backedUp(result)).hasSize(2);
        assertThat(result.lines("discovery").getFirst().path("remarks").toString())
                .contains("20991124T030000Z")
                .contains("cannot be read");
    }

    @Test
    void theDoctorSaysWhatDiscoveryFindsAndExaminesIt() {
        // given
        both();

        // when
        Bench.Result well = bench.run("doctor", "--json");
        azure.refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");
        Bench.Result forbidden = bench.run("doctor");

        // then
        assertThat(well.exitCode()).as(well.out() + well.err()).isZero();
        assertThat(well.out())
                .contains("2 found that the configuration selects")
                .contains("vault " + address(other));
        assertThat(forbidden.exitCode()).isEqualTo(13);
        assertThat(forbidden.out()).contains("AuthorizationFailed").contains("discovery-role.json");
        assertThat(lists()).isEmpty();
    }
}
