package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What does not go well, and what a relaunch makes of it. */
class IncompleteBackupTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
    }

    @Test
    void noPermissionOnOneKindFailsThatListingAndNothingElse() {
        // given
        vault.secrets("app", 3);
        vault.key("key");
        vault.certificate("site");
        vault.faults().on(Operation.LIST, "key").always().forbid("ForbiddenByRbac");

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L, "COVERED_BY_CERTIFICATE", 1L));
        assertThat(result.failures()).isEqualTo(Map.of("listing of keys", "ROLE_MISSING"));
        JsonNode manifest = bench.manifest(result.summary().path("manifest").asString());
        assertThat(manifest.path("complete").asBoolean()).isFalse();
        assertThat(manifest.path("listings").get(1).path("failure").path("code").asString())
                .isEqualTo("ForbiddenByRbac");
        assertThat(vault.requests().count(Operation.LIST, "key")).isEqualTo(1);
    }

    @Test
    void noPermissionOnCertificatesFailsWhatTheyOwnToo() {
        // given
        vault.secrets("app", 3);
        vault.certificate("site-a");
        vault.certificate("site-b");
        vault.faults().on(Operation.LIST, "certificate").always().forbid("ForbiddenByRbac");

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then their keys and secrets are neither backed up by themselves nor taken for covered
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L, "FAILED", 4L));
        Map<String, String> expected = new java.util.TreeMap<>(Map.of("listing of certificates", "ROLE_MISSING"));
        vault.objects().stream()
                .filter(object ->
                        object.name().startsWith("site") && !object.kind().equals("certificate"))
                .forEach(object -> expected.put(object.kind() + "/" + object.name(), "CERTIFICATE_NOT_BACKED_UP"));
        assertThat(result.failures()).isEqualTo(expected).hasSize(5);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.BACKUP, "key")).isZero();

        // and once the permission is there, a relaunch covers them
        vault.faults().clear();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 5L, "COVERED_BY_CERTIFICATE", 4L));
    }

    @Test
    void aRelaunchListsAgainTheKindThatCouldNotBeListed() {
        // given
        vault.secrets("app", 3);
        vault.key("key");
        vault.faults().on(Operation.LIST, "key").times(1).forbid("ForbiddenByRbac");
        bench.backUp(vault, "--scheduled-for", NIGHT);
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L));
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(1 + 3);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThat(bench.steps().subList(6, 12))
                .containsExactly(
                        Bench.StepCounts.completed("inventory", 1),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", 1),
                        Bench.StepCounts.completed("closing", 4),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));
    }

    @Test
    void noPermissionAtAllIsNotASnapshot() {
        vault.secrets("app", 3);
        vault.faults().onAny().always().forbid("AccessDenied");

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.failures())
                .isEqualTo(Map.of("listing of secrets, keys and certificates", "ACCESS_POLICY_MISSING"));
        assertThat(result.summary().has("manifest")).isFalse();
        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void throttledFromTheFirstCallOnEndsIncompleteAndARelaunchFinishesIt() {
        // given
        vault.secrets("app", 3);
        vault.faults().onAny().always().throttle(null);

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then ten tries for each listing, and nothing sealed
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.failures()).isEqualTo(Map.of("listing of secrets, keys and certificates", "THROTTLED"));
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(30);
        assertThat(result.summary().path("throttled").asInt()).isEqualTo(30);
        assertThat(bench.blobs()).isEmpty();

        // and when it is quieter
        vault.faults().clear();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
    }

    @Test
    void anObjectDeletedBetweenListingAndBackupIsNoFailure() {
        // given
        vault.secret("gone");
        vault.secret("stays");
        vault.certificate("gone-too");
        vault.faults().on(Operation.BACKUP, "secret", "gone").times(1).before(() -> vault.delete("secret", "gone"));
        vault.faults()
                .on(Operation.BACKUP, "certificate", "gone-too")
                .times(1)
                .before(() -> vault.delete("certificate", "gone-too"));

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "DELETED_DURING_RUN", 4L));
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void theStoreRefusingOneUploadFailsThatObjectAndARelaunchWritesItUnderANewName() {
        // given somebody else takes the name while the backup call is under way
        vault.secrets("app", 5);
        String snapshot = bench.backUp(vault, "--dry-run").exitCode() == 0 ? snapshotOf(NIGHT) : "";
        String name = vault.objects().getFirst().name();
        Path taken = bench.store().resolve(vaultFolder() + "/" + snapshot + "/secret/" + name + ".1");
        vault.faults().on(Operation.BACKUP, "secret", name).times(1).before(() -> write(taken));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L, "FAILED", 1L));
        assertThat(result.failures()).isEqualTo(Map.of("secret/" + name, "STORE_CONFLICT"));
        assertThat(bench.blobs().get(bench.store().relativize(taken).toString()))
                .isEqualTo(new byte[] {1, 2, 3});

        // and when it is relaunched
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 5L));
        assertThat(vault.openBackup(java.util.Objects.requireNonNull(
                                bench.blobs().get(vaultFolder() + "/" + snapshot + "/secret/" + name + ".2")))
                        .name())
                .isEqualTo(name);
    }

    @Test
    void relaunchBacksUpOnlyWhatFailed() {
        // given
        vault.secrets("app", 40);
        String name = vault.objects().getLast().name();
        vault.faults().on(Operation.BACKUP, "secret", name).times(1).forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.failures()).isEqualTo(Map.of("secret/" + name, "ROLE_MISSING"));
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 40L));
        assertThat(vault.requests().total()).isEqualTo(2 + 1 + 4); // one page to hear the time
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(1 + 4);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", name)).isEqualTo(1);
        assertThat(bench.steps().subList(6, 12))
                .containsExactly(
                        Bench.StepCounts.completed("inventory", 0),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", 1),
                        Bench.StepCounts.completed("closing", 40),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));

        // and both executions have their manifest; the first tells what was missing
        String snapshot = relaunch.summary().path("snapshot").asString();
        JsonNode firstManifest = bench.manifest(vaultFolder() + "/manifests/" + snapshot + ".1.json");
        JsonNode secondManifest = bench.manifest(vaultFolder() + "/manifests/" + snapshot + ".2.json");
        assertThat(firstManifest.path("counts").path("FAILED").asInt()).isEqualTo(1);
        assertThat(secondManifest.path("counts").path("BACKED_UP").asInt()).isEqualTo(40);
        assertThat(secondManifest.path("complete").asBoolean()).isTrue();
    }

    @Test
    void relaunchOfAFinishedRunSaysSoAndCallsNobody() {
        vault.secrets("app", 3);
        bench.backUp(vault, "--scheduled-for", NIGHT);
        vault.requests().reset();

        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(vault.requests().total()).isZero();
        assertThat(bench.steps()).hasSize(6);
        Bench.Result text = bench.run("backup", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        assertThat(text.out()).startsWith("Already complete");
    }

    @Test
    void aRunWhoseLastWordToTheLedgerWasLostIsCompleteAllTheSame() {
        // given a process that died after Spring Batch had recorded the job's end and before the ledger had
        vault.secrets("app", 3);
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        bench.jdbc().sql("UPDATE ledger_run SET status = 'RUNNING'").update();
        bench.jdbc()
                .sql("UPDATE ledger_execution SET status = 'RUNNING', ended_at = NULL, manifest = NULL")
                .update();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(relaunch.summary().path("manifest").asString())
                .isEqualTo(first.summary().path("manifest").asString());
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(vault.requests().total()).isZero();
        assertThat(bench.run("runs").out()).contains("COMPLETE").doesNotContain("RUNNING");
    }

    @Test
    void aGatewaysNotFoundIsNoDeletion() {
        // given something in between that answers 404 in its own form
        vault.secrets("app", 3);
        vault.faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .always()
                .answer(404, "NoRoute", null, "no such backend");

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.failures()).isEqualTo(Map.of("secret/app000001", "CORRUPT_ANSWER"));
    }

    @Test
    void aCertificateThatAppearsDuringTheListingIsBackedUpByTheRelaunch() {
        // given a certificate that is made after the certificates were listed and before its secret is, and no second
        // look
        vault.secret("app");
        bench.set("keyvault-backup.settle-rounds", "0");
        java.util.concurrent.CountDownLatch certificatesListed = new java.util.concurrent.CountDownLatch(1);
        vault.faults().on(Operation.LIST, "certificate").times(1).after(certificatesListed::countDown);
        vault.faults().on(Operation.LIST, "secret").times(1).before(() -> {
            awaitQuietly(certificatesListed);
            vault.certificate("late");
        });
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.failures()).containsEntry("secret/late", "CERTIFICATE_NOT_LISTED");

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes().get("BACKED_UP")).isEqualTo(2);
    }

    @Test
    void aCertificateThatIsDeletedDuringTheListingIsMissedByTheRelaunchAndNothingIsLeftToDo() {
        // given a certificate that is deleted after its key and its secret were listed and before it is, and no second
        // look
        vault.secret("app");
        bench.set("keyvault-backup.settle-rounds", "0");
        vault.certificate("gone");
        java.util.concurrent.CountDownLatch othersListed = new java.util.concurrent.CountDownLatch(2);
        vault.faults().on(Operation.LIST, "secret").times(1).after(othersListed::countDown);
        vault.faults().on(Operation.LIST, "key").times(1).after(othersListed::countDown);
        vault.faults().on(Operation.LIST, "certificate").times(1).before(() -> {
            awaitQuietly(othersListed);
            vault.delete("certificate", "gone");
        });
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.failures())
                .isEqualTo(Map.of("secret/gone", "CERTIFICATE_NOT_LISTED", "key/gone", "CERTIFICATE_NOT_LISTED"));

        // when the certificates have been listed once more
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "DELETED_DURING_RUN", 2L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void aRunOfAnotherVaultWithTheSameIdIsNeverTakenForThisOne() {
        // given a finished run whose id, by chance, this vault's run would have too
        vault.secrets("app", 3);
        bench.backUp(vault, "--scheduled-for", NIGHT);
        bench.jdbc()
                .sql("UPDATE ledger_run SET vault_uri = 'https://other.vault.azure.net'")
                .update();

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
        assertThat(result.lines("error").getFirst().path("message").asString())
                .contains("https://other.vault.azure.net")
                .contains("a second later");
    }

    @Test
    void theStoreOptionStandsInPlaceOfAConfiguredStore() {
        vault.secret("app");
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", "https://account.blob.core.windows.net/backups");

        Bench.Result result = bench.backUp(vault, "--store", bench.store().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(bench.blobs()).hasSize(2);
    }

    @Test
    void relaunchWithAnotherSelectionIsRefused() {
        vault.secrets("app", 3);
        vault.faults().on(Operation.BACKUP).times(1).forbid("ForbiddenByRbac");
        bench.backUp(vault, "--scheduled-for", NIGHT);

        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT, "--exclude", "app-*");

        assertThat(relaunch.exitCode()).isEqualTo(2);
        assertThat(relaunch.lines("error").getFirst().path("message").asString())
                .contains("another selection");
    }

    @Test
    void moreThan500VersionsFailWithAdviceAndNoRelaunchCanHelp() {
        // given
        vault.secret("fine").versions(500);
        vault.secret("many").versions(501);

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(5);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "FAILED", 1L));
        assertThat(result.failures()).isEqualTo(Map.of("secret/many", "TOO_MANY_VERSIONS"));
        JsonNode error = result.lines("error").getFirst();
        assertThat(error.path("message").asString()).contains("it has 501 versions; the service says: ");
        assertThat(error.path("advice").asString())
                .contains("versions cannot be deleted")
                .contains("Start a new object");
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "many")).isEqualTo(1);
    }

    @Test
    void aCertificateThatFailsTakesItsKeyAndSecretWithIt() {
        // given
        vault.certificate("good");
        vault.certificate("bad").versions(501);

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(5);
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "COVERED_BY_CERTIFICATE", 2L, "FAILED", 3L));
        assertThat(result.failures())
                .isEqualTo(Map.of(
                        "certificate/bad", "TOO_MANY_VERSIONS",
                        "key/bad", "CERTIFICATE_NOT_BACKED_UP",
                        "secret/bad", "CERTIFICATE_NOT_BACKED_UP"));
        assertThat(vault.requests().count(Operation.BACKUP, "key")).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret")).isZero();
    }

    @Test
    void whatFailsTwiceAndThenWorksIsBackedUp() {
        vault.secret("flaky");
        vault.faults().on(Operation.BACKUP, "secret", "flaky").times(2).answer(503);

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "flaky")).isEqualTo(3);
        Bench.Result runs = bench.run("runs", result.summary().path("snapshot").asString(), "--json");
        assertThat(runs.lines("object").getFirst().path("attempts").asInt()).isEqualTo(3);
    }

    @Test
    void eachFailureIsNamedWithTheServicesWordsAndWhatToDo() {
        // given one failure of each sort among others that go well
        vault.secrets("app", 20);
        vault.secret("firewalled");
        vault.secret("gateway");
        vault.secret("nonsense");
        vault.secret("cut");
        vault.faults().on(Operation.BACKUP, "secret", "firewalled").always().forbid("ForbiddenByFirewall");
        vault.faults().on(Operation.BACKUP, "secret", "gateway").always().answer(504);
        vault.faults().on(Operation.BACKUP, "secret", "nonsense").always().garbage();
        vault.faults().on(Operation.BACKUP, "secret", "cut").always().reset();

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.failures())
                .isEqualTo(Map.of(
                        "secret/firewalled", "FIREWALL",
                        "secret/gateway", "TIMED_OUT",
                        "secret/nonsense", "CORRUPT_ANSWER",
                        "secret/cut", "NETWORK"));
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 20L, "FAILED", 4L));
        for (JsonNode error : result.lines("error")) {
            assertThat(error.path("message").asString()).isNotBlank().doesNotContain("\n");
            assertThat(error.path("advice").asString()).isNotBlank();
        }
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "firewalled"))
                .isEqualTo(1);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "gateway"))
                .isEqualTo(4);
        Bench.Result runs = bench.run("runs", result.summary().path("snapshot").asString(), "--failed");
        assertThat(runs.exitCode()).isZero();
        assertThat(runs.out())
                .contains("Client address is not authorized and caller is not a trusted service.")
                .contains("request id")
                .contains("secret/cut")
                .doesNotContain("secret/app");
    }

    @Test
    void oneBadVaultDoesNotStopTheOthers() {
        // given
        EmulatedVault good = emulator.vault("good-neighbour");
        good.secrets("app", 3);
        vault.faults().onAny().always().forbid("ForbiddenByRbac");

        // when
        Bench.Result result = bench.run(
                "backup",
                "--json",
                "--vault",
                vault.uri().toString(),
                "--vault",
                good.uri().toString());

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.lines("summary")).hasSize(2);
        assertThat(result.lines("summary").get(0).path("exit_code").asInt()).isEqualTo(13);
        assertThat(result.lines("summary").get(1).path("exit_code").asInt()).isZero();
        assertThat(good.requests().count(Operation.BACKUP)).isEqualTo(3);
    }

    @Test
    void twoVaultsWithObjectsOfTheSameNamesKeepThemApart() {
        EmulatedVault other = emulator.vault("same-names");
        vault.secret("app");
        vault.key("app");
        other.secret("app");

        Bench.Result result = bench.run(
                "backup",
                "--json",
                "--vault",
                vault.uri().toString(),
                "--vault",
                other.uri().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(bench.blobs().keySet().stream().filter(name -> name.endsWith("/app.1")))
                .hasSize(3);
    }

    private String vaultFolder() {
        return "localhost_" + vault.uri().getPort();
    }

    private String snapshotOf(String scheduledFor) {
        return io.keyvaultbackup.run.SnapshotId.of(
                        io.keyvaultbackup.vault.VaultAddress.parse(vault.uri().toString()),
                        java.time.Instant.parse(scheduledFor))
                .value();
    }

    private static void awaitQuietly(java.util.concurrent.CountDownLatch latch) {
        try {
            latch.await(30, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1, 2, 3});
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
