package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A restore tried in a scratch vault: where it is refused, what it removes, and what it never touches. */
class DrillTest extends EmulatedVaultTest {

    private static final String[] KINDS = {"secret", "key", "certificate"};

    private EmulatedVault scratch;

    @BeforeEach
    void makeScratch() {
        scratch = emulator.vault("scratch");
        bench.with(SkippingTime.class);
    }

    private void fillVault() {
        vault.secret("password").tag("owner", "team-a").contentType("text/plain");
        vault.secret("token").versions(3);
        vault.key("signing");
        vault.certificate("site");
    }

    private void backUp() {
        assertThat(bench.backUp(vault).exitCode()).isZero();
    }

    private Bench.Result drill(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "drill", "--from", vault.uri().toString(), "--to", scratch.uri().toString(), "--yes"));
        arguments.addAll(List.of(more));
        return bench.run(arguments.toArray(String[]::new));
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result, String... said) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        for (String words : said) {
            assertThat(result.out() + result.err()).contains(words);
        }
        assertThat(result.out() + result.err()).doesNotContain("\tat ");
        return result;
    }

    private JsonNode stored(String name) {
        return new JsonMapper().readTree(bench.blobs().get(name));
    }

    private static Set<String> names(EmulatedVault vault) {
        return vault.objects().stream()
                .map(object -> object.kind() + "/" + object.name())
                .collect(Collectors.toSet());
    }

    @Test
    void everythingIsRestoredComparedAndRemoved() {
        // given
        fillVault();
        backUp();

        // when
        Bench.Result result = assertEnds(0, drill("--json"));

        // then
        assertThat(scratch.objects()).isEmpty();
        assertThat(scratch.requests().count(Operation.RESTORE)).isEqualTo(4);
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(4);
        assertThat(scratch.requests().count(Operation.PURGE)).isEqualTo(4);
        assertThat(result.outcomes()).isEqualTo(Map.of("REMOVED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(result.summary().path("restored").asInt()).isEqualTo(4);
        assertThat(result.summary().path("copies_in_snapshot").asInt()).isEqualTo(4);
        assertThat(result.summary().path("seconds_projected_for_all").asDouble())
                .isPositive();
        String name = result.summary().path("report").asString();
        JsonNode report = stored(name);
        assertThat(report.path("report").asString()).isEqualTo("drill");
        assertThat(report.path("deviating").asInt()).isZero();
        assertThat(report.path("secondsMean").asDouble()).isNotNegative();
        assertThat(stored(name.replace(".json", ".list.json")).path("objects").size())
                .isEqualTo(4);
        Bench.Result again =
                assertEnds(0, drill(), "Drilled: restored, compared, removed", "all 4 copies would take about");
        assertThat(again.out()).contains("report");
    }

    @Test
    void aSampleHasSomethingOfEachKind() {
        fillVault();
        vault.secrets("many", 30);
        backUp();

        Bench.Result result = assertEnds(0, drill("--sample", "3", "--json"));

        assertThat(result.outcomes()).isEqualTo(Map.of("REMOVED", 3L, "WITH_CERTIFICATE", 2L));
        assertThat(scratch.requests().count(Operation.RESTORE)).isEqualTo(3);
        assertThat(result.summary().path("copies_in_snapshot").asInt()).isEqualTo(34);
        assertThat(scratch.objects()).isEmpty();
    }

    @Test
    void theListIsStoredBeforeTheFirstCall() {
        // given a vault that restores nothing
        fillVault();
        backUp();
        scratch.faults().on(Operation.RESTORE).always().forbid("ForbiddenByRbac");

        Bench.Result result = drill("--json");

        assertThat(result.exitCode()).isEqualTo(13);
        assertThat(bench.blobs().keySet()).anyMatch(name -> name.endsWith(".list.json"));
        assertThat(scratch.requests().count(Operation.DELETE)).isZero();
    }

    /** What the snapshot lacks, no drill of it can prove: the same is said of it, and comes of it, as by a restore. */
    @Test
    void whatTheSnapshotCouldNotListIsTold() {
        // given
        fillVault();
        vault.faults().on(Operation.LIST, "key").always().forbid("ForbiddenByRbac");
        bench.backUp(vault);
        String lacking = "perhaps some of the keys: their listing failed when the backup was made";

        // when
        Bench.Result result = assertEnds(5, drill("--json", "--sample", "1"));

        // then
        assertThat(result.lines("plan").getFirst().path("not_in_snapshot").toString())
                .contains(lacking);
        assertThat(result.summary().path("not_in_snapshot").toString()).contains(lacking);
        assertThat(result.summary().path("status").asString()).isEqualTo("INCOMPLETE");
        JsonNode report = stored(result.summary().path("report").asString());
        assertThat(report.path("notInSnapshot").toString()).contains(lacking);
        assertThat(report.path("status").asString()).isEqualTo("INCOMPLETE");
        assertThat(scratch.objects()).isEmpty();
    }

    @Test
    void aKindThatTheBackupLeavesOutIsNotWhatTheDrillIsAbout() {
        // given
        fillVault();
        assertEnds(0, bench.backUp(vault, "--kind", "secret", "--kind", "certificate"));

        // when
        Bench.Result result = assertEnds(0, drill());

        // then
        assertThat(result.out()).doesNotContain("not in the snapshot", "left behind");
        assertThat(scratch.requests().count(Operation.RESTORE)).isEqualTo(3);
        assertThat(scratch.objects()).isEmpty();
    }

    @Test
    void whatTheSnapshotHasNoCopyOfIsTold() {
        // given
        fillVault();
        vault.faults().on(Operation.BACKUP, "key", "signing").always().forbid("ForbiddenByRbac");
        bench.backUp(vault);

        // when
        Bench.Result result = assertEnds(5, drill("--json", "--sample", "2"));

        // then
        assertThat(result.outcomes()).containsEntry("IMPOSSIBLE", 1L).containsEntry("REMOVED", 2L);
        assertThat(result.lines("planned").toString()).contains("key/signing", "the snapshot has no copy of it");
        JsonNode report = stored(result.summary().path("report").asString());
        assertThat(report.path("objects").toString()).contains("the snapshot has no copy of it");
        assertThat(report.path("status").asString()).isEqualTo("INCOMPLETE");
        assertEnds(5, drill(), "INCOMPLETE", "key/signing", "the snapshot has no copy of it");
        assertThat(scratch.objects()).isEmpty();
    }

    @Test
    void copiesThatCannotBeTriedForWantOfTheirVersionsAreTold() {
        // given a key that is copied by a relaunch which records no versions
        String night = "2026-11-20T03:00:00Z";
        fillVault();
        vault.faults().on(Operation.BACKUP, "key", "signing").always().forbid("ForbiddenByRbac");
        bench.backUp(vault, "--scheduled-for", night);
        vault.faults().clear();
        bench.set("keyvault-backup.list-versions", "false");
        assertEnds(0, bench.backUp(vault, "--scheduled-for", night));
        String untried = "the versions of 1 copies of keys, which were not tried for that reason";

        // when
        Bench.Result result = assertEnds(5, drill("--json"));

        // then
        assertThat(result.summary().path("not_in_snapshot").toString()).contains(untried);
        assertThat(stored(result.summary().path("report").asString())
                        .path("notInSnapshot")
                        .toString())
                .contains(untried);
        assertEnds(5, drill(), "not in the snapshot: " + untried);
        assertEnds(5, drill("--sample", "2"), "not in the snapshot: " + untried, "the snapshot is not proven whole");
    }

    @Test
    void vaultsThatAreNoPlaceForTrialsAreRefused() {
        fillVault();
        backUp();

        EmulatedVault place = scratch;
        scratch = vault;
        assertEnds(2, drill(), "is the vault that the snapshot is of");
        scratch = place;
        bench.set("keyvault-backup.vaults[0]", scratch.uri() + "/");
        assertEnds(2, drill(), "is configured for backup");
        bench.without("keyvault-backup.vaults[0]");
        EmulatedVault other = emulator.vault("other");
        other.secret("one");
        assertThat(bench.backUp(other).exitCode()).isZero();
        other.delete("secret", "one");
        other.purge("secret", "one");
        scratch = other;
        assertEnds(2, drill(), "has snapshots in the store");

        assertThat(place.requests().total()).isZero();
        assertThat(other.requests().count(Operation.RESTORE)).isZero();
        assertThat(names(vault)).hasSize(6);
    }

    @Test
    void aVaultThatIsNotEmptyIsRefusedWhateverItHolds() {
        fillVault();
        backUp();
        scratch.secret("mine");

        assertEnds(2, drill(), "is not empty", "secret/mine");

        assertThat(names(scratch)).containsExactly("secret/mine");
        assertThat(scratch.requests().count(Operation.RESTORE)).isZero();
        assertThat(scratch.requests().count(Operation.DELETE)).isZero();
    }

    @Test
    void deletedObjectsOfTheSameNamesBlockIt() {
        fillVault();
        backUp();
        scratch.make("secret", "password");
        scratch.delete("secret", "password");

        assertEnds(5, drill(), "deleted objects have the names", "secret/password", "purge");

        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
        scratch.recover("secret", "password");
        assertThat(names(scratch)).containsExactly("secret/password");
    }

    @Test
    void whatStaysBehindUnderPurgeProtectionIsTold() {
        fillVault();
        backUp();
        scratch = emulator.vault(VaultSettings.of("protected").withPurgeProtection(true));

        Bench.Result result = assertEnds(0, drill("--json"));

        assertThat(scratch.objects()).isEmpty();
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("DELETED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(result.summary().path("recovery_level").asString()).isEqualTo("Recoverable");
        assertEnds(5, drill(), "deleted objects have the names");
    }

    @Test
    void anObjectThatSomebodyChangedMeanwhileIsLeftAlone() {
        // given a key that gets another version before the restored objects are compared
        fillVault();
        backUp();
        int listingsBefore = 7; // what is left, what is there, and how what is deleted is treated
        scratch.faults()
                .on(Operation.LIST)
                .skip(listingsBefore)
                .times(1)
                .before(() -> scratch.rotate("key", "signing"));

        Bench.Result result = assertEnds(4, drill("--json"));

        assertThat(names(scratch)).containsExactly("key/signing");
        assertThat(result.outcomes()).isEqualTo(Map.of("REMOVED", 3L, "WITH_CERTIFICATE", 2L, "LEFT_BEHIND", 1L));
        assertThat(stored(result.summary().path("report").asString()).toString())
                .contains("it has other versions than were restored, so it was left alone");
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(3);
    }

    @Test
    void whatIsRestoredInEarnestIsNeverTakenForALeftover() {
        // given a drill that was stopped before it removed anything
        fillVault();
        backUp();
        var stop = bench.nextStop();
        scratch.faults().on(Operation.DELETE).always().before(stop::give).answer(500);
        assertThat(drill().exitCode()).isNotZero();
        assertThat(scratch.objects()).isNotEmpty();
        scratch.faults().clear();
        bench.nextStop();

        // when the vault becomes one that is used
        assertEnds(
                0,
                bench.run(
                        "restore",
                        "--from",
                        vault.uri().toString(),
                        "--to",
                        scratch.uri().toString(),
                        "--yes"));
        Set<String> before = names(scratch);
        long deletions = scratch.requests().count(Operation.DELETE);

        // then no drill removes anything of it
        assertEnds(2, drill(), "is not empty");
        assertThat(names(scratch)).isEqualTo(before).hasSize(6);
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(deletions);
    }

    @Test
    void whatMayNotBePurgedIsNoSuccess() {
        fillVault();
        backUp();
        scratch.faults().on(Operation.PURGE).always().forbid("ForbiddenByRbac");

        Bench.Result result = assertEnds(3, drill("--json"));

        assertThat(result.outcomes()).isEqualTo(Map.of("DELETED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(result.failures()).hasSize(4).containsEntry("key/signing", "ROLE_MISSING");
        assertThat(scratch.objects()).isEmpty();
    }

    @Test
    void whatSomebodyElseRestoredMeanwhileIsNotRemoved() {
        // given a colleague who restores the same key with az, after the plan was made
        fillVault();
        backUp();
        byte[] backup = PlainClients.of(emulator, vault).backup("key", "signing");
        scratch.faults()
                .on(Operation.RESTORE)
                .times(1)
                .before(() -> PlainClients.of(emulator, scratch).restore("key", backup));

        Bench.Result result = drill("--json");

        assertThat(result.outcomes()).containsEntry("ALREADY_THERE", 1L).containsEntry("REMOVED", 3L);
        assertThat(names(scratch)).containsExactly("key/signing");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    /** Whatever was in a vault before, live or deleted, is there after a drill, as it was. */
    @Test
    void nothingThatWasThereBeforeIsRemoved() {
        long seed = Long.getLong("drill.seed", System.nanoTime());
        for (int round = 0; round < 12; round++) {
            Random random = new Random(seed + round);
            String what = "seed " + (seed + round) + ", again: -Ddrill.seed=" + (seed + round);
            EmulatedVault source = emulator.vault("source" + round);
            EmulatedVault place = emulator.vault("place" + round);
            fill(source, random, 1 + random.nextInt(8));
            assertThat(bench.backUp(source).exitCode()).as(what).isZero();
            List<String> deletedBefore = new ArrayList<>();
            if (random.nextInt(3) > 0) {
                fill(place, random, random.nextInt(6));
                for (EmulatedObject object : place.objects()) {
                    if (!object.managed() && random.nextBoolean()) {
                        place.delete(object.kind(), object.name());
                        deletedBefore.add(object.kind() + "/" + object.name());
                    }
                }
            }
            Map<String, List<String>> before = versions(place);

            Bench.Result result = bench.run(
                    "drill",
                    "--from",
                    source.uri().toString(),
                    "--to",
                    place.uri().toString(),
                    "--yes",
                    "--sample",
                    String.valueOf(1 + random.nextInt(10)));

            assertThat(versions(place)).as(what + result.out() + result.err()).isEqualTo(before);
            for (String deleted : deletedBefore) {
                String[] parts = deleted.split("/", 2);
                place.recover(parts[0], parts[1]); // fails if it was purged
            }
            boolean empty = before.isEmpty();
            if (!empty) {
                assertThat(result.exitCode()).as(what).isEqualTo(2);
                assertThat(place.requests().count(Operation.DELETE)).as(what).isZero();
            }
            assertThat(place.requests().count(Operation.PURGE))
                    .as(what)
                    .isEqualTo(place.requests().count(Operation.DELETE));
        }
    }

    private static void fill(EmulatedVault vault, Random random, int objects) {
        for (int number = 0; number < objects; number++) {
            String kind = KINDS[random.nextInt(KINDS.length)];
            String name = "n" + random.nextInt(12);
            boolean taken =
                    vault.objects().stream().anyMatch(object -> object.name().equals(name));
            if (!taken) {
                vault.make(kind, name);
                for (int version = random.nextInt(3); version > 0; version--) {
                    vault.rotate(kind, name);
                }
            }
        }
        if (vault.objects().isEmpty()) {
            vault.make("secret", "n0");
        }
    }

    private static Map<String, List<String>> versions(EmulatedVault vault) {
        Map<String, List<String>> versions = new TreeMap<>();
        vault.objects().forEach(object -> versions.put(object.kind() + "/" + object.name(), object.versions()));
        return versions;
    }
}
