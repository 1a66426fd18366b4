package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.reliability.Agreement;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run is continued from what the ledger knows, and from the store where no ledger does. */
class RelaunchTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
    }

    /** Another database, as a pod without a volume has it. */
    private void loseDatabase() {
        bench.set(
                "keyvault-backup.data-directory", directory.resolve("new-data").toString());
    }

    @Test
    void withTheDatabaseGoneACompleteRunIsStillComplete() {
        // given
        vault.secrets("app", 30);
        vault.certificate("site").versions(2);
        vault.key("signing").tag("team", "a");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT, "--exclude", "secret/app00000*");
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        Map<String, byte[]> stored = bench.blobs();
        loseDatabase();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT, "--exclude", "secret/app00000*");

        // then nothing is called or written
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(relaunch.outcomes()).isEqualTo(first.outcomes());
        assertThat(vault.requests().total()).isZero();
        assertThat(bench.blobs().keySet()).isEqualTo(stored.keySet());

        // and the new ledger knows each object as the first did
        String id = relaunch.summary().path("snapshot").asString();
        String told = bench.run("runs", id, "--json").out();
        bench.set("keyvault-backup.data-directory", directory.resolve("data").toString());
        String toldAtFirst = bench.run("runs", id, "--json").out();
        assertThat(told.lines()
                        .filter(line -> line.contains("\"message_type\":\"object\""))
                        .map(line -> line.replaceAll("\"attempts\":\\d+", "\"attempts\":n")))
                .hasSize(34)
                .containsExactlyElementsOf(toldAtFirst
                        .lines()
                        .filter(line -> line.contains("\"message_type\":\"object\""))
                        .map(line -> line.replaceAll("\"attempts\":\\d+", "\"attempts\":n"))
                        .toList());
    }

    @Test
    void withTheDatabaseGoneAnIncompleteRunIsContinued() {
        // given a run in which one object failed
        vault.secrets("app", 30);
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000007")
                .always()
                .forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        forbidden.cancel();
        loseDatabase();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 30L));
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.LIST))
                .isEqualTo(1 + 4); // to hear the time, and the closing listing
        assertThat(bench.manifest(relaunch.summary().path("manifest").asString())
                        .path("objects")
                        .size())
                .isEqualTo(30);
    }

    @Test
    void aCopyThatVanishesWhileItIsTakenOverIsMadeAnewAndItsObjectIsNotTakenForDeleted() {
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given a run whose copies are in the store and neither in a manifest nor in a ledger
            Azurite.Container container = Azurite.shared().newContainer();
            bench.without("keyvault-backup.store.directory")
                    .set("keyvault-backup.store.connection-string", Azurite.connectionString(way.url()))
                    .set("keyvault-backup.store.container", container.name())
                    .set("keyvault-backup.settle-rounds", "0");
            vault.secrets("app", 3);
            way.next("PUT", "/manifests/", refusal(403, "AuthorizationFailure"));
            Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
            assertThat(first.exitCode()).as(first.out() + first.err()).isNotZero();
            loseDatabase();
            way.next("GET", "/secret/app000001", refusal(404, "BlobNotFound"));

            // when
            Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

            // then
            assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
            assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3 + 1);
            assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000001"))
                    .isEqualTo(2);
        }
    }

    private static FaultyWay.Fault refusal(int status, String code) {
        return new FaultyWay.Fault.Refusal(status, code, "a fault", Map.of());
    }

    /** As version 5 of the ledger's tables left it: nothing of content types in rows or in the hashes beside the blobs. */
    @Test
    void aRunThatAnEarlierVersionBeganWithoutContentTypesIsFinishedWithThem() throws IOException {
        // given a run in which one object failed
        vault.secret("typed").contentType("text/plain");
        vault.secret("failing").contentType("text/plain");
        vault.secret("plain");
        vault.certificate("site");
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "failing")
                .always()
                .forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        forbidden.cancel();
        bench.jdbc().sql("UPDATE ledger_object SET content_type = NULL").update();
        Path metadata = bench.store()
                .resolve(bench.blobs().keySet().stream()
                                .filter(name -> name.contains("/secret/typed."))
                                .findFirst()
                                .orElseThrow()
                        + ".meta");
        Files.writeString(
                metadata,
                Files.readString(metadata).replaceFirst("\"token\":\"[0-9a-f]{64}", "\"token\":\"" + "0".repeat(64)));
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then what has a content type is copied anew, once, and what has none is not
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "typed")).isEqualTo(1);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "plain")).isZero();
        Agreement.of(bench, vault, NIGHT).assertHolds();

        // and the manifest has them all
        assertThat(bench.manifest(relaunch.summary().path("manifest").asString())
                        .path("objects")
                        .valueStream()
                        .filter(object -> object.path("token").has("contentType"))
                        .map(object -> object.path("kind").asString() + "/"
                                + object.path("name").asString()))
                .containsExactly("secret/failing", "secret/site", "secret/typed");
    }

    @Test
    void whatAnotherDatabaseFinishedIsNotDoneAgain() {
        // given a run that one database knows as incomplete and another one finished
        vault.secrets("app", 30);
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000007")
                .always()
                .forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(3);
        forbidden.cancel();
        loseDatabase();
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        vault.requests().reset();

        // when the first comes back
        bench.set("keyvault-backup.data-directory", directory.resolve("data").toString());
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 30L));
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void withTheDatabaseGoneAnotherSelectionIsStillRefused() {
        vault.secrets("app", 3);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT, "--kind", "secret")
                        .exitCode())
                .isZero();
        loseDatabase();

        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isEqualTo(2);
        assertThat(relaunch.lines("error").getFirst().path("message").asString())
                .contains("another selection");
    }

    @Test
    void aManifestThatIsDamagedIsNamedAndNothingIsWrittenOverIt() throws IOException {
        // given
        vault.secrets("app", 3);
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        Path manifest = bench.store().resolve(first.summary().path("manifest").asString());
        byte[] whole = Files.readAllBytes(manifest);
        Files.write(manifest, java.util.Arrays.copyOf(whole, whole.length - 20));
        loseDatabase();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isEqualTo(1);
        assertThat(relaunch.lines("error").getFirst().path("message").asString())
                .contains("the manifest can not be read");
        assertThat(vault.requests().total()).isZero();
        assertThat(bench.run("runs").out()).doesNotContain("COMPLETE");
    }

    @Test
    void retryFinishesTheLatestRunAndThenSaysThatItIsComplete() {
        // given an old complete run and last night's, which lacks an object, with a selection of its own
        vault.secrets("app", 10);
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-23T03:00:00Z")
                        .exitCode())
                .isZero();
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000007")
                .always()
                .forbid("ForbiddenByRbac");
        Bench.Result lastNight =
                bench.backUp(vault, "--scheduled-for", NIGHT, "--full", "--kind", "secret", "--exclude", "app000001");
        assertThat(lastNight.exitCode()).isEqualTo(3);
        forbidden.cancel();
        vault.requests().reset();

        // when
        Bench.Result retry = bench.run("retry", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.summary().path("snapshot").asString())
                .isEqualTo(lastNight.summary().path("snapshot").asString());
        assertThat(retry.outcomes()).isEqualTo(Map.of("BACKED_UP", 9L, "EXCLUDED", 1L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);

        // and once more, by its id alone
        Bench.Result again = bench.run(
                "retry",
                "--json",
                "--run",
                retry.summary().path("snapshot").asString().substring(0, 16));
        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        assertThat(again.summary().path("already_complete").asBoolean()).isTrue();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void retryWithoutADatabaseAsksTheStore() {
        // given last night's run with a selection of its own, which lacks an object
        vault.secrets("app", 10);
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-23T03:00:00Z")
                        .exitCode())
                .isZero();
        Fault forbidden = vault.faults()
                .on(Operation.BACKUP, "secret", "app000007")
                .always()
                .forbid("ForbiddenByRbac");
        Bench.Result lastNight = bench.backUp(vault, "--scheduled-for", NIGHT, "--full", "--kind", "secret");
        forbidden.cancel();
        vault.requests().reset();

        // when
        loseDatabase();
        Bench.Result retry = bench.run("retry", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.summary().path("snapshot").asString())
                .isEqualTo(lastNight.summary().path("snapshot").asString());
        assertThat(retry.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);

        // and an id is found there too
        bench.set("keyvault-backup.data-directory", directory.resolve("third").toString());
        Bench.Result byId = bench.run("retry", "--json", "--vault", vault.uri().toString(), "--run", "20261123T0300");
        assertThat(byId.exitCode()).as(byId.out() + byId.err()).isZero();
        assertThat(byId.summary().path("already_complete").asBoolean()).isTrue();
    }

    @Test
    void retryOfARunThatLeftNoManifestAndNoDatabaseTakesTheSelectionOfTheConfiguration() {
        // given a run that was stopped
        vault.secrets("app", 10);
        bench.set("keyvault-backup.threads", "1");
        vault.faults().on(Operation.BACKUP, "secret", "app000004").times(1).before(bench.nextStop()::give);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(130);
        int stored = bench.blobs().size();
        bench.nextStop();
        loseDatabase();
        vault.requests().reset();

        // when
        Bench.Result retry = bench.run("retry", "--json", "--vault", vault.uri().toString());

        // then
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.summary().path("scheduled_for").asString()).isEqualTo(NIGHT);
        assertThat(retry.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(10 - stored);
    }

    @Test
    void retryOfAnIdTakesTheVaultThatIsNamedAndNoOther() {
        // given two vaults whose runs of that hour have ids that begin alike
        io.keyvaultbackup.emulator.EmulatedVault other = emulator.vault("another");
        vault.secrets("app", 2);
        other.secrets("app", 3);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isZero();
        assertThat(bench.backUp(other, "--scheduled-for", NIGHT).exitCode()).isZero();

        // when, then
        Bench.Result both = bench.run("retry", "--run", "20261124T03");
        assertThat(both.exitCode()).as(both.out() + both.err()).isEqualTo(2);
        assertThat(both.err()).contains("2 runs start with 20261124T03");
        Bench.Result one = bench.run("retry", "--json", "--vault", other.uri().toString(), "--run", "20261124T03");
        assertThat(one.exitCode()).as(one.out() + one.err()).isZero();
        assertThat(one.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        Bench.Result neither =
                bench.run("retry", "--vault", emulator.vault("third").uri().toString(), "--run", "20261124T03");
        assertThat(neither.exitCode()).as(neither.out() + neither.err()).isEqualTo(10);
    }

    @Test
    void retrySaysWhereThereIsNothingToRetry() {
        Bench.Result retry = bench.run("retry", "--json", "--vault", vault.uri().toString());
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isEqualTo(10);
        assertThat(retry.lines("error").getFirst().path("message").asString())
                .contains("There is no run of " + vault.uri())
                .contains("keyvault-backup backup --vault");

        Bench.Result byId = bench.run("retry", "--run", "2025");
        assertThat(byId.exitCode()).isEqualTo(10);
        assertThat(byId.err()).contains("There is no run 2025 in the job database");

        Bench.Result noVault = bench.run("retry");
        assertThat(noVault.exitCode()).isEqualTo(2);
        assertThat(noVault.err()).contains("No vault is named.");
    }

    @Test
    void whatIsCompleteHereAndIncompleteInALaterExecutionElsewhereIsContinued() throws IOException {
        // given a run that is sealed here, whose manifest arrives late: after another database has continued and sealed
        // it incomplete
        vault.secrets("app", 12);
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        Path manifest = bench.store().resolve(first.summary().path("manifest").asString());
        Path late = Files.move(manifest, directory.resolve("late"));
        bench.jdbc().sql("UPDATE ledger_execution SET status = 'FAILED'").update();
        bench.jdbc().sql("UPDATE ledger_run SET status = 'FAILED'").update();
        for (String blob : bench.blobs().keySet()) {
            if (blob.endsWith("/app000007.1")) {
                Files.delete(bench.store().resolve(blob));
            }
        }
        loseDatabase();
        vault.faults().on(Operation.BACKUP, "secret", "app000007").times(1).forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(3);
        Files.move(late, manifest);
        bench.set("keyvault-backup.data-directory", directory.resolve("data").toString());
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(3);
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 12L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
    }

    @Test
    void everyPodOfACronJobsJobContinuesTheSameRun() {
        // given a first pod that was stopped
        vault.secrets("app", 10);
        bench.set("keyvault-backup.threads", "1");
        long minutes = java.time.Instant.now().getEpochSecond() / 60 - 5;
        vault.faults().on(Operation.BACKUP, "secret", "app000004").times(1).before(bench.nextStop()::give);
        Bench.Result first = bench.backUp(vault, "--job", "keyvault-backup-" + minutes);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(130);
        bench.nextStop();

        // when
        Bench.Result second = bench.backUp(vault, "--job", "keyvault-backup-" + minutes);

        // then
        assertThat(second.exitCode()).as(second.out() + second.err()).isZero();
        assertThat(second.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(second.summary().path("scheduled_for").asString())
                .isEqualTo(java.time.Instant.ofEpochSecond(minutes * 60).toString());
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(10);
    }
}
