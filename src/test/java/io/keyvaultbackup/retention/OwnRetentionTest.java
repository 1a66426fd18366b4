package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Listed vaults whose snapshots are kept by a policy of their own. */
class OwnRetentionTest extends EmulatedVaultTest {

    private EmulatedVault other;

    @BeforeEach
    void fourNightsOfTwoVaults() {
        bench.with(FastTime.class);
        vault.secrets("app", 1);
        other = emulator.vault("other");
        other.secrets("app", 1);
        bench.set("keyvault-backup.vaults[0]", other.uri().toString())
                .set("keyvault-backup.fleet.vaults[0].name", vault.uri().toString());
        for (int day = 21; day <= 24; day++) {
            done("backup", "--json", "--scheduled-for", "2026-11-" + day + "T23:30:00Z");
        }
    }

    private static String folder(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    private void own(String rule, String value) {
        bench.set("keyvault-backup.fleet.vaults[0].retention." + rule, value);
    }

    private Bench.Result done(String... arguments) {
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private Map<String, Integer> removed(Bench.Result result) {
        return result.lines("summary").stream()
                .filter(summary -> summary.has("snapshots_removed"))
                .collect(Collectors.toMap(
                        summary -> summary.path("vault").asString(),
                        summary -> summary.path("snapshots_removed").asInt()));
    }

    private static JsonNode summaryOf(Bench.Result result, EmulatedVault vault) {
        return result.lines("summary").stream()
                .filter(summary -> summary.path("vault").asString().equals(folder(vault)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPolicyOfItsOwnStandsInPlaceOfTheWholeGeneralOne() {
        // given a general policy of two rules, and one rule of the vault's own
        bench.set("keyvault-backup.retention.keep-last", "2").set("keyvault-backup.retention.keep-daily", "3");
        own("keep-last", "1");

        // when
        Bench.Result plan = done("forget", "--json", "--dry-run");
        Bench.Result text = done("forget", "--dry-run");
        Bench.Result result = done("forget", "--json");

        // then
        Map<String, Integer> expected = Map.of(folder(vault), 3, folder(other), 1);
        assertThat(removed(plan)).isEqualTo(expected);
        assertThat(removed(result)).isEqualTo(expected);
        // and it is said which policy held where it is not the general one
        for (Bench.Result told : List.of(plan, result)) {
            assertThat(summaryOf(told, vault).path("own_policy").asString()).isEqualTo("keep-last 1, zone UTC");
            assertThat(summaryOf(told, other).path("own_policy").asString("")).isEmpty();
        }
        assertThat(text.out().lines().filter(line -> line.contains("policy of its own")))
                .containsExactly("  by a policy of its own: keep-last 1, zone UTC");
        // and the tombstones tell it
        assertThat(bench.blobs().entrySet().stream()
                        .filter(blob -> blob.getKey().startsWith(folder(vault) + "/tombstones/")))
                .hasSize(3)
                .allSatisfy(blob -> assertThat(new String(blob.getValue(), StandardCharsets.UTF_8))
                        .contains("keep-last 1, zone UTC"));
    }

    @Test
    void anOptionStandsInPlaceOfItsRuleAtEveryVaultAndTheOtherRulesStay() {
        // given
        bench.set("keyvault-backup.retention.keep-last", "4");
        own("keep-last", "1");
        own("keep-daily", "3");
        own("keep-tags[0]", "audit");

        // when
        Bench.Result result = done("forget", "--json", "--keep-last", "2", "--keep-tag", "x", "--zone", "Asia/Tokyo");

        // then no rule of a vault's own is lost by an option that is another
        assertThat(summaryOf(result, vault).path("own_policy").asString())
                .isEqualTo("keep-last 2, keep-daily 3, keep-tag x, zone Asia/Tokyo");
        assertThat(removed(result)).isEqualTo(Map.of(folder(vault), 1, folder(other), 2));
    }

    @Test
    void withoutAGeneralPolicyTheVaultsThatHaveNoneAreLeftAloneAndThatIsTold() {
        // given
        own("keep-last", "1");

        // when
        Bench.Result text = done("forget", "--dry-run");
        Bench.Result result = done("forget", "--json");

        // then
        assertThat(removed(result)).isEqualTo(Map.of(folder(vault), 3));
        assertThat(summaryOf(result, other).path("status").asString()).isEqualTo("NO_POLICY");
        assertThat(text.out()).contains(folder(other) + ": left alone, as no policy holds for it");
        // but where no vault that is meant has one, nothing is done
        Bench.Result none = bench.run("forget", "--json", "--vault", other.uri().toString());
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.out()).contains("No policy was specified of " + folder(other));
    }

    @Test
    void aPolicyThatTheOptionsLeaveWithoutAnyRuleIsRefused() {
        // given
        bench.set("keyvault-backup.retention.keep-last", "1").set("keyvault-backup.retention.keep-daily", "1");
        own("keep-daily", "2");

        // when
        Bench.Result result = bench.run("forget", "--json", "--keep-daily", "0");

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).contains("Of " + folder(vault) + " nothing would be kept");
        assertThat(done("snapshots", "--json").lines("snapshot")).hasSize(8);
    }

    @Test
    void aRuleThatIsGivenAndStandsForNothingIsRefusedAndTheGeneralPolicyIsNotUsedForIt() {
        // given what a variable that nobody set makes of it
        bench.set("keyvault-backup.retention.keep-last", "1");
        own("keep-yearly", "${NOBODY_SET_THIS:}");

        // when
        Bench.Result result = bench.run("forget", "--json");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.out() + result.err())
                .contains("keyvault-backup.fleet.vaults[0].retention: no rule of it keeps anything");
        assertThat(result.lines("summary").stream().filter(line -> line.has("snapshots_removed")))
                .isEmpty();
    }

    @Test
    void aRuleThatIsNoNumberIsToldWithItsPlace() {
        own("keep-daily", "many");

        Bench.Result result = bench.run("forget", "--json");

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.out() + result.err())
                .contains(
                        "keyvault-backup.fleet.vaults[0].retention.keep-daily: 'many' is not a whole number, such as 14");
    }
}
