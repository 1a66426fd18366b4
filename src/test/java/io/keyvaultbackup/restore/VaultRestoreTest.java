package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A snapshot restored into a vault: plan, order, conflicts, proof. */
class VaultRestoreTest extends EmulatedVaultTest {

    private static final Instant EXPIRY = Instant.parse("2027-03-01T12:00:00Z");

    private EmulatedVault target;

    @BeforeEach
    void makeTarget() {
        target = emulator.vault("target");
        bench.with(SkippingTime.class);
    }

    private void fillVault() {
        vault.secret("password").tag("owner", "team-a").tag("stage", "test").contentType("text/plain");
        vault.rotate("secret", "password");
        vault.secret("disabled").expires(EXPIRY);
        vault.enable("secret", "disabled", false);
        vault.key("signing");
        vault.rotate("key", "signing");
        vault.certificate("site");
    }

    private Bench.Result backUp() {
        Bench.Result result = bench.backUp(vault);
        assertThat(result.exitCode()).as(result.out()).isZero();
        return result;
    }

    private Bench.Result restore(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "restore",
                "--from",
                vault.uri().toString(),
                "--to",
                target.uri().toString()));
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

    private static Map<String, List<Object>> state(EmulatedVault vault) {
        Map<String, List<Object>> state = new TreeMap<>();
        for (EmulatedObject object : vault.objects()) {
            List<Object> values =
                    new ArrayList<>(List.of(object.versions(), object.enabled(), object.tags(), object.managed()));
            values.add(object.expires());
            values.add(object.contentType());
            state.put(object.kind() + "/" + object.name(), values);
        }
        return state;
    }

    private JsonNode report(Bench.Result result) {
        String name = result.summary().path("report").asString();
        return new JsonMapper().readTree(bench.blobs().get(name));
    }

    @Test
    void everythingComesBackAndIsProven() {
        // given
        fillVault();
        backUp();

        // when
        Bench.Result result = assertEnds(0, restore("--yes", "--json"));

        // then
        assertThat(state(target)).isEqualTo(state(vault));
        assertThat(result.outcomes()).isEqualTo(Map.of("RESTORED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(target.requests().count(Operation.RESTORE)).isEqualTo(4);
        assertThat(result.summary().path("status").asString()).isEqualTo("COMPLETE");
        assertThat(result.summary().path("differing").asInt()).isZero();
        JsonNode report = report(result);
        assertThat(report.path("status").asString()).isEqualTo("COMPLETE");
        assertThat(report.path("objects").size()).isEqualTo(6);
        String text = new String(
                bench.blobs().get(result.summary().path("report").asString().replace(".json", ".txt")),
                StandardCharsets.UTF_8);
        assertThat(text).contains("Result     COMPLETE", "restored           secret/password  versions 2");
        assertThat(bench.steps().stream()
                        .filter(step -> List.of("certificates", "keys", "secrets", "prove")
                                .contains(step.step()))
                        .toList())
                .containsExactly(
                        Bench.StepCounts.completed("certificates", 1),
                        Bench.StepCounts.completed("keys", 1),
                        Bench.StepCounts.completed("secrets", 2),
                        Bench.StepCounts.completed("prove", 6));
    }

    @Test
    void theSameAgainFindsEverythingThere() {
        fillVault();
        backUp();
        assertEnds(0, restore("--yes"));

        Bench.Result again = assertEnds(0, restore("--yes", "--json"));

        assertThat(again.outcomes()).isEqualTo(Map.of("ALREADY_THERE", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(target.requests().count(Operation.RESTORE)).isEqualTo(4);
    }

    @Test
    void aDryRunTellsEachObjectAndWritesNothing() {
        // given
        fillVault();
        backUp();
        target.secret("password");
        target.key("signing");
        target.delete("key", "signing");
        Set<String> stored = Set.copyOf(bench.blobs().keySet());

        // when
        Bench.Result plan = assertEnds(5, restore("--dry-run", "--json"));

        // then
        Map<String, String> planned = new TreeMap<>();
        plan.lines("planned")
                .forEach(line -> planned.put(
                        line.path("object").asString(), line.path("outcome").asString()));
        assertThat(planned)
                .isEqualTo(Map.of(
                        "secret/password", "CONFLICT",
                        "secret/disabled", "PENDING",
                        "key/signing", "SOFT_DELETED",
                        "certificate/site", "PENDING",
                        "key/site", "WITH_CERTIFICATE",
                        "secret/site", "WITH_CERTIFICATE"));
        assertThat(target.requests().count(Operation.RESTORE)).isZero();
        assertThat(bench.blobs().keySet()).isEqualTo(stored);
        Bench.Result text = assertEnds(5, restore("--dry-run"));
        assertThat(text.out())
                .contains(
                        "conflict          secret/password",
                        "there is another one in the vault: ",
                        "soft-deleted      key/signing",
                        "az keyvault key purge --vault-name localhost --name signing",
                        "Dry run: nothing was written");
    }

    @Test
    void byDefaultNothingIsRestoredWhereANameIsTaken() {
        fillVault();
        backUp();
        target.secret("password");
        Map<String, List<Object>> before = state(target);

        assertEnds(
                5, restore("--yes"), "Nothing was restored: names are taken", "secret/password", "has no restore over");

        assertThat(state(target)).isEqualTo(before);
        assertThat(target.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void skipRestoresTheRestAndTellsTheDifference() {
        fillVault();
        backUp();
        target.secret("password");
        List<String> before = target.object("secret", "password").orElseThrow().versions();

        Bench.Result result = assertEnds(4, restore("--yes", "--on-conflict", "skip", "--json"));

        assertThat(result.outcomes()).isEqualTo(Map.of("RESTORED", 3L, "WITH_CERTIFICATE", 2L, "CONFLICT", 1L));
        assertThat(result.summary().path("status").asString()).isEqualTo("DIFFERENT");
        assertThat(result.lines("difference"))
                .allSatisfy(line -> assertThat(line.path("object").asString()).isEqualTo("secret/password"))
                .anySatisfy(line -> assertThat(line.path("field").asString()).isEqualTo("versions"));
        assertThat(target.object("secret", "password").orElseThrow().versions()).isEqualTo(before);
        assertThat(report(result).path("deviating").asInt()).isEqualTo(1);
    }

    @Test
    void deletedObjectsAreRecoveredWhereThatIsAskedFor() {
        // given a vault whose objects were deleted, all of them
        fillVault();
        backUp();
        Map<String, List<Object>> before = state(vault);
        target = vault;
        vault.delete("secret", "password");
        vault.delete("key", "signing");
        vault.delete("certificate", "site");

        // when
        assertEnds(5, restore("--yes"), "a deleted secret/password has the name", "--recover-deleted");
        Bench.Result result = assertEnds(0, restore("--yes", "--recover-deleted", "--json"));

        // then
        assertThat(state(vault)).isEqualTo(before);
        assertThat(result.outcomes()).isEqualTo(Map.of("RECOVERED", 3L, "ALREADY_THERE", 1L, "WITH_CERTIFICATE", 2L));
        assertThat(vault.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void aLostAnswerIsNoConflict() {
        fillVault();
        backUp();
        target.faults().on(Operation.RESTORE).times(1).loseAnswer();

        Bench.Result result = assertEnds(0, restore("--yes", "--json"));

        assertThat(result.outcomes()).isEqualTo(Map.of("RESTORED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(state(target)).isEqualTo(state(vault));
        assertThat(target.requests().count(Operation.RESTORE, 409)).isEqualTo(1);
    }

    @Test
    void theSecondsAfterAPurgeAreWaitedOut() {
        fillVault();
        backUp();
        Map<String, List<Object>> before = state(vault);
        target = emulator.vault(
                VaultSettings.of("purged").withClock(SkippingTime.CLOCK).withPurgePause(Duration.ofSeconds(5)));
        for (String[] one : new String[][] {{"secret", "password"}, {"key", "signing"}, {"certificate", "site"}}) {
            target.make(one[0], one[1]);
            target.delete(one[0], one[1]);
            target.purge(one[0], one[1]);
        }

        Bench.Result result = assertEnds(0, restore("--yes", "--json"));

        assertThat(result.outcomes()).isEqualTo(Map.of("RESTORED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(state(target)).isEqualTo(before);
    }

    @Test
    void whatIsSelectedComesBackAlone() {
        fillVault();
        backUp();

        Bench.Result secrets = assertEnds(0, restore("--yes", "--json", "--kind", "secret", "--exclude", "dis*"));
        assertThat(secrets.outcomes()).isEqualTo(Map.of("RESTORED", 1L));
        assertThat(state(target)).containsOnlyKeys("secret/password");

        Bench.Result certificates = assertEnds(0, restore("--yes", "--json", "--include", "certificate/site"));
        assertThat(certificates.outcomes()).isEqualTo(Map.of("RESTORED", 1L, "WITH_CERTIFICATE", 2L));
        assertThat(state(target)).containsOnlyKeys("secret/password", "secret/site", "key/site", "certificate/site");
    }

    @Test
    void whatTheSnapshotDoesNotHaveIsTold() {
        fillVault();
        backUp();

        assertEnds(
                5,
                restore("--yes", "--include", "secret/never", "--include", "secret/site"),
                "not in the snapshot: secret/never",
                "it is part of certificate/site, and comes back with that alone");

        assertThat(target.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void aPatternThatMatchesNothingIsNoSuccess() {
        fillVault();
        backUp();

        assertEnds(5, restore("--yes", "--include", "secret/pasword*"), "not in the snapshot: secret/pasword*");
        assertEnds(5, restore("--yes", "--kind", "key", "--include", "password"), "not in the snapshot: password");
        assertEnds(5, restore("--dry-run", "--kind", "key", "--exclude", "*"), "anything that is selected");

        assertThat(target.requests().count(Operation.RESTORE)).isZero();
    }

    @Test
    void whatTheSnapshotCouldNotListIsTold() {
        fillVault();
        vault.faults().on(Operation.LIST, "key").always().forbid("ForbiddenByRbac");
        bench.backUp(vault);

        Bench.Result result = assertEnds(5, restore("--yes", "--json"));

        assertThat(result.summary().path("not_in_snapshot").toString())
                .contains("perhaps some of the keys: their listing failed when the backup was made");
        assertEnds(0, bench.backUp(vault, "--kind", "secret", "--scheduled-for", "2031-01-01T00:00:00Z"));
        assertEnds(5, restore("--yes"), "any key: the backup was made without them");
    }

    @Test
    void aDryRunNeedsNoJobDatabase() {
        fillVault();
        backUp();
        bench.set("keyvault-backup.data-directory", directory.resolve("nowhere").toString());

        assertEnds(0, restore("--dry-run"));

        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void whatIsStoppedIsContinuedByTheSame() {
        // given a restore that is stopped while its second call is under way
        fillVault();
        backUp();
        bench.set("keyvault-backup.restore.threads", "1");
        var stop = bench.nextStop();
        target.faults().on(Operation.RESTORE).skip(1).times(1).before(stop::give);

        // when
        Bench.Result stopped = assertEnds(130, restore("--yes", "--json"));
        bench.nextStop();
        Bench.Result whole = assertEnds(0, restore("--yes", "--json"));

        // then what was under way was recorded, and nothing was done twice
        assertThat(stopped.outcomes()).containsEntry("RESTORED", 2L);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(whole.summary().path("restore")).isEqualTo(stopped.summary().path("restore"));
        assertThat(whole.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(whole.outcomes()).isEqualTo(Map.of("RESTORED", 4L, "WITH_CERTIFICATE", 2L));
        assertThat(target.requests().count(Operation.RESTORE)).isEqualTo(4);
    }

    @Test
    void whatTheSnapshotCouldNotCopyIsImpossible() {
        vault = emulator.vault(VaultSettings.of("limited").withVersionLimit(2));
        vault.secret("fine");
        vault.secret("much").versions(3);
        bench.set("keyvault-backup.version-limit", "2");
        assertThat(bench.backUp(vault).exitCode()).isEqualTo(5);

        Bench.Result result =
                assertEnds(5, restore("--yes"), "secret/much", "the snapshot has no copy of it: too many versions");

        assertThat(state(target)).containsOnlyKeys("secret/fine");
        assertThat(result.out()).contains("no relaunch can help");
    }

    @Test
    void anotherSubscriptionOrGeographyIsKnownBeforeTheFirstCall() {
        fillVault();
        bench.set("keyvault-backup.subscription", "00000000-0000-0000-0000-000000000001")
                .set("keyvault-backup.geography", "Europe");
        backUp();

        bench.set("keyvault-backup.restore.subscription", "00000000-0000-0000-0000-000000000002");
        assertEnds(5, restore("--yes", "--on-conflict", "skip"), "a backup opens in its own subscription alone");
        assertEnds(5, restore("--dry-run"), "impossible        secret/password");
        bench.without("keyvault-backup.restore.subscription").set("keyvault-backup.restore.geography", "Asia Pacific");
        assertEnds(5, restore("--yes"), "a backup opens in its own geography alone");

        assertThat(target.requests().total()).isZero();
    }

    @Test
    void whereNothingIsKnownTheServicesAnswerIsExplained() {
        fillVault();
        backUp();
        target = emulator.vault(VaultSettings.of("foreign").withSubscription("00000000-0000-0000-0000-000000000002"));

        Bench.Result result = assertEnds(
                5, restore("--yes"), "Cannot decrypt backup blob", "of the subscription and of the geography");

        assertThat(result.out()).contains("other security world");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "409 | Conflict | | NAME_IN_USE | 5",
                "409 | Conflict | ObjectIsDeletedButRecoverable | NAME_SOFT_DELETED | 5",
                "409 | Conflict | ObjectIsBeingRecovered | NAME_NOT_YET_FREE | 3",
                "400 | BadParameter | | REFUSED | 5",
                "403 | Forbidden | ForbiddenByRbac | ROLE_MISSING | 13",
                "403 | Forbidden | AccessDenied | ACCESS_POLICY_MISSING | 13",
                "403 | Forbidden | ForbiddenByFirewall | FIREWALL | 13",
                "429 | Throttled | | THROTTLED | 3",
                "503 | ServiceUnavailable | | UNAVAILABLE | 3"
            })
    void eachRefusalHasItsOwnReason(int status, String code, @Nullable String innerCode, String reason, int exitCode) {
        vault.key("signing");
        backUp();
        target.faults().on(Operation.RESTORE).always().answer(status, code, innerCode, "No: " + reason);

        Bench.Result result = assertEnds(exitCode, restore("--yes", "--json"));

        assertThat(result.failures()).isEqualTo(Map.of("key/signing", reason));
        assertThat(result.lines("error").getFirst().path("message").asString()).contains("No: " + reason);
        assertThat(result.lines("error").getFirst().path("message").asString().contains("a Premium vault alone"))
                .isEqualTo(reason.equals("REFUSED"));
        assertThat(report(result).path("objects").get(0).path("reason").asString())
                .isEqualTo(reason);
    }

    @Test
    void aSignatureIsRequiredWhereAKeyIsConfigured() throws Exception {
        // given a snapshot that nobody signed
        fillVault();
        backUp();
        SigningKeys keys = SigningKeys.in(directory);
        bench.set("keyvault-backup.signature.public-key-file", keys.publicFile().toString());

        // when
        assertEnds(4, restore("--yes"), "it has no signature");
        assertThat(target.requests().total()).isZero();

        // then one that is signed is taken
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString());
        backUp();
        assertEnds(0, restore("--yes"));
    }

    @Test
    void aDamagedCopyIsNotSent() throws Exception {
        fillVault();
        backUp();
        try (var files = Files.walk(bench.store())) {
            var copy = files.filter(file -> file.toString().contains("/secret/password.")
                            && !file.toString().endsWith(".meta"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(copy);
            bytes[bytes.length / 2] ^= 1;
            copy.toFile().setWritable(true);
            Files.write(copy, bytes);
        }

        Bench.Result result = assertEnds(4, restore("--yes", "--json"));

        assertThat(result.failures()).isEqualTo(Map.of("secret/password", "COPY_DAMAGED"));
        assertThat(target.requests().count(Operation.RESTORE)).isEqualTo(3);
        assertThat(target.object("secret", "password")).isEmpty();
    }

    @Test
    void withoutATerminalAYesIsAskedForBeforeAnythingIsOpened() {
        assertEnds(2, restore(), "--yes: without a terminal nobody can be asked");
        assertThat(target.requests().total()).isZero();
        assertThat(bench.store()).doesNotExist();
    }

    @Test
    void wrongUsageIsToldAtOnce() {
        assertEnds(2, bench.run("restore", "--to", "team-b"), "either --from VAULT");
        assertEnds(2, restore("--file", "x"), "either --from VAULT");
        assertEnds(
                2,
                restore("--yes", "--on-conflict", "overwrite"),
                "is neither fail nor skip",
                "Overwriting is not possible");
        assertEnds(2, restore("--yes", "--kind", "keys"), "--kind: 'keys'");
        assertEnds(2, restore("--yes", "--snapshot", "yesterday"), "names no snapshot");
        assertEnds(2, restore("--yes", "--budget", "0"), "keyvault-backup.restore.budget (--budget)");
        assertEnds(2, bench.run("restore", "--file", "x", "--to", "team-b", "--dry-run"), "--dry-run goes with --from");
        assertEnds(10, restore("--yes"), "There is no snapshot latest");
    }
}
