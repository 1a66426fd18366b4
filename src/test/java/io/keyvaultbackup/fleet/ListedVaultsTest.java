package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Vaults that the configuration lists, of which something is said alone. */
class ListedVaultsTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";

    private EmulatedVault other;

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
        vault.secrets("app", 2);
        vault.secrets("tmp", 1);
        other = emulator.vault("other");
        other.secrets("app", 2);
        other.secrets("tmp", 1);
    }

    private static String part(int index, String part) {
        return "keyvault-backup.fleet.vaults[" + index + "]." + part;
    }

    private static String address(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).toString();
    }

    private JsonNode manifest(EmulatedVault of) {
        String folder = VaultAddress.parse(of.uri().toString()).storeName() + "/manifests/";
        return bench.manifest(bench.blobs().keySet().stream()
                .filter(name -> name.startsWith(folder))
                .findFirst()
                .orElseThrow());
    }

    private static JsonNode summaryOf(Bench.Result result, EmulatedVault of) {
        return result.lines("summary").stream()
                .filter(summary -> summary.path("vault").asString().equals(address(of)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.out() + result.err()));
    }

    @Test
    void whatIsSaidOfOneVaultHoldsForItAlone() {
        // given
        EmulatedVault third = emulator.vault("third");
        third.secrets("app", 2);
        third.secrets("tmp", 1);
        third.key("app-key");
        bench.set("keyvault-backup.vaults", other.uri().toString())
                .set(part(1, "name"), third.uri().toString())
                .set(part(1, "kinds[0]"), "secret")
                .set(part(1, "include[0]"), "app*")
                .set("keyvault-backup.subscription", "11111111-1111-1111-1111-111111111111")
                .set("keyvault-backup.geography", "Asia")
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "exclude[0]"), "tmp*")
                .set(part(0, "budget"), "10%")
                .set(part(0, "subscription"), SUBSCRIPTION.toUpperCase(Locale.ROOT))
                .set(part(0, "geography"), "Europe");

        // when
        Bench.Result result = bench.run("backup", "--json", "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(summaryOf(result, vault).path("outcomes").path("EXCLUDED").asInt())
                .isEqualTo(1);
        assertThat(summaryOf(result, other).path("outcomes").path("BACKED_UP").asInt())
                .isEqualTo(3);
        assertThat(summaryOf(result, third).path("outcomes").toString()).isEqualTo("{\"BACKED_UP\":2,\"EXCLUDED\":1}");
        assertThat(third.requests().count(Operation.LIST, "key")).isZero();
        assertThat(manifest(vault).path("subscription").asString()).isEqualTo(SUBSCRIPTION);
        assertThat(manifest(vault).path("geography").asString()).isEqualTo("Europe");
        assertThat(manifest(other).path("geography").asString()).isEqualTo("Asia");

        // and a relaunch of the run knows what it was about
        Bench.Result retry = bench.run("retry", "--json");
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.lines("vaults").getFirst().path("vaults").asInt()).isEqualTo(3);
    }

    @Test
    void aVaultsOwnBudgetIsWhatItsRunSpends() {
        // given
        bench.set(part(0, "name"), vault.uri().toString()).set(part(0, "budget"), "123");

        // when
        Bench.Result result = bench.run("backup", "--json", "--scheduled-for", NIGHT);
        Bench.Result told = bench.run("backup", "--json", "--budget", "456");

        // then
        assertThat(result.summary().path("budget_per_10s").asInt())
                .as(result.out() + result.err())
                .isEqualTo(123);
        assertThat(told.summary().path("budget_per_10s").asInt())
                .as("the command line's")
                .isEqualTo(456);
    }

    /** Azurite refuses each retention that it is asked for, so what was asked is told. */
    @Test
    void oneVaultsSnapshotsAreAskedToBeKeptAndTheOthersNot() {
        // given
        bench.onContainer(Azurite.shared().newContainer(), "racwl")
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "immutable-for"), "30d")
                .set(part(1, "name"), other.uri().toString());

        // when
        Bench.Result result = bench.run("backup", "--json", "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(summaryOf(result, vault).path("not_protected").asString("")).isNotEmpty();
        assertThat(summaryOf(result, other).has("not_protected")).isFalse();
    }

    @Test
    void theCommandLineHoldsForEveryVault() {
        // given
        bench.set(part(0, "name"), vault.uri().toString())
                .set(part(0, "exclude[0]"), "tmp*")
                .set(part(1, "name"), other.uri().toString())
                .set(part(1, "kinds[0]"), "key");

        // when
        Bench.Result result = bench.run("backup", "--json", "--exclude", "nothing", "--kind", "secret");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("summary"))
                .hasSize(2)
                .allSatisfy(summary -> assertThat(
                                summary.path("outcomes").path("BACKED_UP").asInt())
                        .isEqualTo(3));
    }

    @Test
    void aGroupIsBackedUpAlone() {
        // given
        bench.set("keyvault-backup.vaults", other.uri().toString())
                .set(part(0, "name"), vault.uri().toString())
                .set(part(0, "group"), "hourly");

        // when
        Bench.Result hourly = bench.run("backup", "--json", "--group", "hourly");
        Bench.Result unknown = bench.run("backup", "--json", "--group", "daily");

        // then
        assertThat(hourly.exitCode()).as(hourly.out() + hourly.err()).isZero();
        assertThat(hourly.summary().path("vault").asString()).isEqualTo(address(vault));
        assertThat(other.requests().total()).isZero();
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.out()).contains("no vault is of the group daily; there are hourly");
    }

    @Test
    void theVaultsOfTheCommandLineAreTakenAloneOnTheirTerms() {
        // given
        bench.set(part(0, "name"), vault.uri().toString())
                .set(part(0, "exclude[0]"), "tmp*")
                .set(part(1, "name"), other.uri().toString());

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).containsEntry("EXCLUDED", 1L).containsEntry("BACKED_UP", 2L);
        assertThat(other.requests().total()).isZero();
    }

    @Test
    void spellingsOfOneVaultAreOneVault() {
        // given
        int port = vault.uri().getPort();
        bench.set("keyvault-backup.vaults[0]", "https://LOCALHOST:" + port + "/")
                .set("keyvault-backup.vaults[1]", "localhost:" + port)
                .set(part(0, "name"), "https://localhost:" + port)
                .set(part(1, "name"), "HTTPS://Localhost.:" + port + "/");

        // when
        Bench.Result result = bench.run("backup", "--json", "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.lines("summary")).hasSize(1);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
    }

    @Test
    void namesHostsAndAddressesOfOneVaultAreTheSame() {
        List<String> spellings = List.of(
                "team-a",
                "Team-A",
                "team-a.vault.azure.net",
                "TEAM-A.vault.azure.net.",
                "https://team-a.vault.azure.net",
                "https://team-a.vault.azure.net/",
                "HTTPS://Team-A.Vault.Azure.NET:443/",
                "team-a.vault.azure.net:443");

        assertThat(spellings)
                .extracting(spelling -> VaultAddress.parse(spelling, "vault.azure.net"))
                .containsOnly(VaultAddress.parse("https://team-a.vault.azure.net"));
    }

    @Test
    void oneVaultOfWhichTwoThingsAreSaidIsAWrongConfiguration() {
        // given
        bench.set(part(0, "name"), "team-a")
                .set(part(0, "budget"), "10%")
                .set(part(1, "name"), "https://TEAM-A.vault.azure.net:443/")
                .set(part(1, "budget"), "20%");

        // when
        Bench.Result result = bench.run("backup", "--json");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains("keyvault-backup.fleet.vaults[0] (team-a)")
                .contains("keyvault-backup.fleet.vaults[1] (https://TEAM-A.vault.azure.net:443/)")
                .contains("are one vault");
    }

    @Test
    void allThatIsWrongInTheListIsToldAtOnce() {
        // given
        bench.set(part(0, "name"), "a vault")
                .set(part(1, "budget"), "10%")
                .set(part(2, "name"), "team-c")
                .set(part(2, "kinds[0]"), "passwords")
                .set(part(2, "budget"), "none")
                .set(part(2, "subscription"), "ours")
                .set(part(2, "immutable-for"), "30d")
                .set(part(2, "bugdet"), "10%");

        // when
        Bench.Result result = bench.run("backup", "--json");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains("vaults[0].name: 'a vault' is not a vault's address")
                .contains("vaults[1].name is missing")
                .contains("vaults[2].kinds: ")
                .contains("vaults[2].budget: 'none' is not a budget")
                .contains("vaults[2].subscription: ours")
                .contains("vaults[2].immutable-for: a directory (")
                .contains("vaults[2].bugdet (bench.properties, line ")
                .contains(
                        "has budget, exclude, geography, group, immutablefor, include, kinds, name, objective, retention, store, subscription");
    }

    @Test
    void aListOfNamesAloneIsRefusedInWords() {
        // given
        bench.set("keyvault-backup.fleet.vaults[0]", "team-a");

        // when
        Bench.Result result = bench.run("backup", "--json");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains(
                        "keyvault-backup.fleet.vaults[0]: its value is not one word, but has parts, such as keyvault-backup.fleet.vaults[0].name");
    }

    @Test
    void verbsThatReadTheStoreKnowTheListedVaults() {
        // given
        bench.set(part(0, "name"), vault.uri().toString())
                .set(part(1, "name"), other.uri().toString());
        bench.backUp(vault);

        // when
        Bench.Result verified = bench.run("verify", "--json");

        // then
        assertThat(verified.out())
                .contains("There is no snapshot latest of "
                        + VaultAddress.parse(other.uri().toString()).storeName());
    }
}
