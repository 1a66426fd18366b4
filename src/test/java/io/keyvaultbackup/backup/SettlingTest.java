package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.HistoryEntry;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

/** After the backups the vault is listed again, and what moved is copied anew. */
class SettlingTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void useSkippingTime(TestInfo test) {
        vault = emulator.vault(
                VaultSettings.of(test.getTestMethod().orElseThrow().getName()).withClock(SkippingTime.CLOCK));
        bench.with(SkippingTime.class);
    }

    private static String outcome(JsonNode manifest, String object) {
        return object(manifest, object).path("outcome").asString();
    }

    private static JsonNode object(JsonNode manifest, String object) {
        return manifest.path("objects")
                .valueStream()
                .filter(one ->
                        (one.path("kind").asString() + "/" + one.path("name").asString()).equals(object))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + object + " in " + manifest));
    }

    private JsonNode manifestOf(Bench.Result result) {
        return bench.manifest(result.summary().path("manifest").asString());
    }

    /** Whether the copy that the manifest has is of the object's last state. */
    private void assertThatTheCopyIsOfTheLastState(JsonNode manifest, String kind, String name) {
        byte[] blob = Objects.requireNonNull(bench.blobs()
                .get(object(manifest, kind + "/" + name).path("blob").asString()));
        HistoryEntry last = vault.history(kind, name).getLast();
        assertThat(vault.openBackup(blob).revision()).isEqualTo(last.revision());
        assertThat(vault.openBackup(blob).versions()).isEqualTo(last.versions());
    }

    @Test
    void whereNothingMovesOneMoreListingSaysAsOfWhenTheSnapshotIsConsistent() {
        // given
        vault.secrets("app", 30);
        vault.key("key");
        vault.certificate("site");
        Instant before = SkippingTime.CLOCK.instant();

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode summary = result.summary();
        Instant asOf = Instant.parse(summary.path("consistent_as_of").asString());
        assertThat(asOf).isBetween(before.minusSeconds(1), SkippingTime.CLOCK.instant());
        assertThat(summary.path("closing_listings").asInt()).isEqualTo(1);
        assertThat(summary.path("closing_requests").asInt()).isEqualTo(4);
        assertThat(summary.path("moving_count").asInt()).isZero();
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(8);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(32);
        JsonNode manifest = manifestOf(result);
        assertThat(manifest.path("consistentAsOf").asString()).isEqualTo(asOf.toString());
        assertThat(manifest.has("moving")).isFalse();
        assertThat(bench.steps())
                .containsExactly(
                        Bench.StepCounts.completed("inventory", 34),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", 32),
                        Bench.StepCounts.completed("closing", 34),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));

        // and every verb that shows a snapshot tells it
        String id = summary.path("snapshot").asString();
        assertThat(bench.run("runs", id).out()).contains("CONSISTENT AS OF", asOf.toString());
        assertThat(bench.run("runs", id, "--json").out()).contains("\"consistent_as_of\":\"" + asOf + "\"");
        assertThat(bench.run("ls", id).out()).contains("As of     " + asOf);
        assertThat(bench.run("ls", id, "--json").out()).contains("\"consistent_as_of\":\"" + asOf + "\"");
        Bench.Result again = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(again.summary().path("consistent_as_of").asString()).isEqualTo(asOf.toString());
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM ledger_closing")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void whatChangesAfterItsCallIsCopiedAnew() {
        // given a secret, a key and a certificate that are rotated once they were copied
        vault.secret("stays");
        for (String kind : List.of("secret", "key", "certificate")) {
            switch (kind) {
                case "secret" -> vault.secret("rotated");
                case "key" -> vault.key("turned");
                default -> vault.certificate("renewed");
            }
        }
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .times(1)
                .after(() -> vault.rotate("secret", "rotated"));
        vault.faults().on(Operation.BACKUP, "key", "turned").times(1).after(() -> vault.rotate("key", "turned"));
        vault.faults()
                .on(Operation.BACKUP, "certificate", "renewed")
                .times(1)
                .after(() -> vault.rotate("certificate", "renewed"));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(7);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "stays")).isEqualTo(1);
        JsonNode manifest = manifestOf(result);
        assertThat(manifest.has("consistentAsOf")).isTrue();
        assertThatTheCopyIsOfTheLastState(manifest, "secret", "rotated");
        assertThatTheCopyIsOfTheLastState(manifest, "key", "turned");
        assertThatTheCopyIsOfTheLastState(manifest, "certificate", "renewed");
        assertThat(object(manifest, "secret/rotated").path("blob").asString()).endsWith("/secret/rotated.1.2");
        assertThat(object(manifest, "secret/stays").path("blob").asString()).endsWith("/secret/stays.1");
        assertThat(bench.steps().stream().map(Bench.StepCounts::step))
                .containsExactly(
                        "inventory",
                        "reuse",
                        "backup",
                        "closing",
                        "settle",
                        "backup-2",
                        "closing-2",
                        "settle-2",
                        "seal");

        // and what was copied first is nobody's, which is no damage
        Bench.Result verified = bench.run("verify", "latest", "--read-data", "--json");
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void whatIsChangedTwiceWithinASecondIsNotMissed() {
        // given a secret that is changed as the run begins, and once more within the same second if its call comes that
        // early
        vault.secret("busy");
        AtomicInteger second = new AtomicInteger();
        vault.faults().on(Operation.LIST, "secret").times(1).before(() -> {
            SkippingTime.beginASecond();
            vault.rotate("secret", "busy");
        });
        vault.faults().on(Operation.BACKUP, "secret", "busy").times(1).after(() -> {
            second.incrementAndGet();
            vault.rotate("secret", "busy");
        });

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(second).hasValue(1);
        assertThatTheCopyIsOfTheLastState(manifestOf(result), "secret", "busy");
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
        assertThat(manifestOf(result).has("consistentAsOf")).isTrue();
    }

    @Test
    void anObjectThatHasJustChangedIsCalledWhenAnotherChangeWouldShow() {
        // given
        vault.secret("old");
        vault.secret("new").created(SkippingTime.CLOCK.instant());

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then one call does
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(1);
        JsonNode copy = object(manifestOf(result), "secret/new");
        assertThat(Instant.parse(copy.path("calledAfter").asString()))
                .isAfterOrEqualTo(
                        Instant.parse(copy.path("token").path("updated").asString())
                                .plusSeconds(2));
    }

    @Test
    void whatAppearsVanishesOrComesBackIsTakenInOrLeftOut() {
        // given
        vault.secret("first");
        vault.secret("vanishes");
        vault.secret("returns");
        vault.delete("secret", "returns");
        vault.certificate("goes");
        vault.faults().on(Operation.BACKUP, "secret", "first").times(1).after(() -> {
            vault.delete("secret", "vanishes");
            vault.recover("secret", "returns");
            vault.delete("certificate", "goes");
            vault.certificate("comes");
        });
        bench.set("keyvault-backup.threads", "1");

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode manifest = manifestOf(result);
        assertThat(manifest.has("consistentAsOf")).isTrue();
        assertThat(outcome(manifest, "secret/first")).isEqualTo("BACKED_UP");
        assertThat(outcome(manifest, "secret/vanishes")).isEqualTo("DELETED_DURING_RUN");
        assertThat(outcome(manifest, "secret/returns")).isEqualTo("BACKED_UP");
        assertThat(outcome(manifest, "certificate/goes")).isEqualTo("DELETED_DURING_RUN");
        assertThat(outcome(manifest, "secret/goes")).isEqualTo("DELETED_DURING_RUN");
        assertThat(outcome(manifest, "certificate/comes")).isEqualTo("BACKED_UP");
        assertThat(outcome(manifest, "key/comes")).isEqualTo("COVERED_BY_CERTIFICATE");
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(2);
    }

    @Test
    void whatNeverStopsMovingIsNamedAndTheRunIsCompleteAllTheSame() {
        // given a secret that is rotated whenever the vault is listed
        vault.secret("still");
        vault.secret("restless");
        vault.faults().on(Operation.LIST, "secret").always().before(() -> vault.rotate("secret", "restless"));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode summary = result.summary();
        assertThat(summary.path("status").asString()).isEqualTo("COMPLETE");
        assertThat(summary.path("consistent_as_of").isNull() || !summary.has("consistent_as_of"))
                .isTrue();
        assertThat(summary.path("closing_listings").asInt()).isEqualTo(3);
        assertThat(summary.path("closing_requests").asInt()).isEqualTo(9);
        assertThat(summary.path("moving_count").asInt()).isEqualTo(1);
        assertThat(summary.path("moving").path(0).path("object").asString()).isEqualTo("secret/restless");
        assertThat(summary.path("moving").path(0).path("change").asString()).isEqualTo("changed");
        JsonNode manifest = manifestOf(result);
        assertThat(manifest.path("complete").asBoolean()).isTrue();
        assertThat(manifest.has("consistentAsOf")).isFalse();
        assertThat(manifest.path("movingCount").asInt()).isEqualTo(1);
        assertThat(manifest.path("moving").path(0).toString())
                .isEqualTo("{\"kind\":\"secret\",\"name\":\"restless\",\"change\":\"changed\"}");
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "restless"))
                .isEqualTo(3);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "still")).isEqualTo(1);

        // and people are told, and the manifest fits its schema
        String id = summary.path("snapshot").asString();
        assertThat(bench.run("ls", id).out()).contains("no one moment: 1 still moving (secret/restless changed)");
        assertThat(bench.run("verify", id, "--json").exitCode()).isZero();
    }

    @Test
    void aClosingListingThatFailsLeavesTheRunIncompleteAndARelaunchOnlyListsAgain() {
        // given
        vault.secrets("app", 3);
        vault.faults().on(Operation.LIST, "key").skip(1).times(1).forbid("ForbiddenByRbac");
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(first.failures()).isEqualTo(Map.of("closing listing of keys", "ROLE_MISSING"));
        assertThat(manifestOf(first).path("complete").asBoolean()).isFalse();
        assertThat(manifestOf(first).has("consistentAsOf")).isFalse();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 3L));
        assertThat(vault.requests().total()).isEqualTo(1 + 3); // one page to hear the time
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }

    @Test
    void aRelaunchThatCannotHearTheTimeFromAListingHearsItFromTheVersions() {
        // given
        vault.secrets("app", 3);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").times(1).forbid("ForbiddenByRbac");
        bench.backUp(vault, "--scheduled-for", NIGHT);
        vault.requests().reset();
        vault.faults().on(Operation.LIST).times(1).forbid("ForbiddenByRbac");

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then one call does
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(1 + 3);
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(2);
        assertThat(relaunch.summary().path("closing_listings").asInt()).isEqualTo(1);
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }

    @Test
    void aRelaunchThatHearsNoTimeAtAllIsIncompleteAndTheNextOneIsNot() {
        // given a run that was stopped while it listed again, and whose relaunch has nothing to do but that
        vault.secrets("app", 3);
        var stop = bench.nextStop();
        vault.faults().on(Operation.LIST, "secret").skip(1).times(1).after(stop::give);
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(130);
        bench.nextStop();
        vault.faults().on(Operation.LIST).times(3).forbid("ForbiddenByRbac");

        // when nobody tells it the time
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isEqualTo(3);
        assertThat(relaunch.failures().keySet()).allMatch(subject -> subject.startsWith("closing listing of "));
        Bench.Result next = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(next.exitCode()).as(next.out() + next.err()).isZero();
        assertThat(manifestOf(next).has("consistentAsOf")).isTrue();
    }

    @Test
    void aServiceWhoseTimeHasGoneBackLeavesTheRunIncompleteUntilItIsRightAgain() {
        // given a run that has only to list again, and a service whose time is a minute behind what it told before
        AtomicReference<Duration> back = new AtomicReference<>(Duration.ZERO);
        vault = emulator.vault(VaultSettings.of("back-in-time")
                .withClock(() -> SkippingTime.CLOCK.instant().minus(back.get())));
        vault.secrets("app", 3);
        vault.faults().on(Operation.LIST, "key").skip(1).times(1).forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", NIGHT).exitCode()).isEqualTo(3);
        back.set(Duration.ofMinutes(1));

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isEqualTo(3);
        assertThat(relaunch.failures()).isEqualTo(Map.of("closing listing", "CORRUPT_ANSWER"));
        assertThat(relaunch.out()).contains("the service's Date has gone back: it was ", "so the listing cannot tell");
        assertThat(relaunch.summary().path("relaunch_may_help").asBoolean()).isTrue();
        assertThat(manifestOf(relaunch).path("complete").asBoolean()).isFalse();
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isFalse();

        // and once it is right
        back.set(Duration.ZERO);
        Bench.Result next = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(next.exitCode()).as(next.out() + next.err()).isZero();
        assertThat(manifestOf(next).has("consistentAsOf")).isTrue();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
    }

    @Test
    void whatIsGoneOnlyWhileItsVersionsAreListedHasThemInTheManifestAllTheSame() {
        // given
        vault.secret("flickers").versions(3);
        vault.faults()
                .on(Operation.VERSIONS, "secret", "flickers")
                .times(1)
                .before(() -> vault.delete("secret", "flickers"))
                .after(() -> vault.recover("secret", "flickers"));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L));
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(2);
        assertThat(object(manifestOf(result), "secret/flickers")
                        .path("versions")
                        .size())
                .isEqualTo(3);
        assertThatTheCopyIsOfTheLastState(manifestOf(result), "secret", "flickers");
    }

    @Test
    void aSecretWhosePlaceACertificateTakesIsCoveredByIt() {
        // given
        vault.secret("first");
        vault.secret("taken");
        vault.faults().on(Operation.BACKUP, "secret", "taken").times(1).after(() -> {
            vault.delete("secret", "taken");
            vault.purge("secret", "taken");
            vault.make("certificate", "taken");
        });

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(manifestOf(result).has("consistentAsOf")).isTrue();
    }

    @Test
    void aRelaunchCopiesAnewWhatChangedSinceTheFirstExecution() {
        // given
        vault.secrets("app", 3);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").times(1).forbid("ForbiddenByRbac");
        bench.backUp(vault, "--scheduled-for", NIGHT);
        vault.rotate("secret", "app000000");
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
        assertThatTheCopyIsOfTheLastState(manifestOf(relaunch), "secret", "app000000");
        assertThat(object(manifestOf(relaunch), "secret/app000000").path("blob").asString())
                .endsWith("/app000000.2.2");
    }

    @Test
    void whatCannotBeCopiedAnewKeepsTheCopyThatItHas() {
        // given a secret that is rotated once it was copied, and refused from then on
        vault.secret("rotated");
        vault.secret("stays");
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .times(1)
                .after(() -> vault.rotate("secret", "rotated"));
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .skip(1)
                .always()
                .forbid("ForbiddenByRbac");

        // when
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then the run is not complete, and has the copy of before all the same
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L));
        assertThat(first.failures()).isEqualTo(Map.of("secret/rotated", "ROLE_MISSING"));
        assertThat(first.summary().path("failures").asInt()).isEqualTo(1);
        JsonNode manifest = manifestOf(first);
        assertThat(manifest.path("complete").asBoolean()).isFalse();
        assertThat(manifest.has("consistentAsOf")).isFalse();
        assertThat(manifest.path("moving").path(0).path("name").asString()).isEqualTo("rotated");
        JsonNode kept = object(manifest, "secret/rotated");
        assertThat(kept.path("blob").asString()).endsWith("/rotated.1");
        assertThat(kept.has("failure")).isFalse();
        assertThat(vault.openBackup(Objects.requireNonNull(
                                bench.blobs().get(kept.path("blob").asString())))
                        .revision())
                .isEqualTo(1);
        assertThat(bench.run("verify", "latest", "--read-data").exitCode()).isZero();

        // and a relaunch copies it anew
        vault.faults().clear();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThatTheCopyIsOfTheLastState(manifestOf(relaunch), "secret", "rotated");
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }

    @Test
    void whatFailsInOneRoundIsTriedAgainInTheNext() {
        vault.certificate("site");
        vault.faults()
                .on(Operation.BACKUP, "certificate", "site")
                .times(1)
                .after(() -> vault.rotate("certificate", "site"));
        vault.faults()
                .on(Operation.BACKUP, "certificate", "site")
                .skip(1)
                .times(1)
                .forbid("ForbiddenByRbac");

        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.failures()).isEmpty();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "COVERED_BY_CERTIFICATE", 2L));
        assertThatTheCopyIsOfTheLastState(manifestOf(result), "certificate", "site");
        assertThat(object(manifestOf(result), "certificate/site").path("blob").asString())
                .endsWith("/site.1.3");
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(3);
    }

    @Test
    void timeThatRunsOutWhileThingsAreCopiedAnewLeavesTheFormerCopies() {
        // given two secrets that are rotated once they were copied, and a second call that lasts longer than the run
        // may
        vault.secret("first");
        vault.secret("second");
        bench.set("keyvault-backup.threads", "1").set("keyvault-backup.deadline", "3s");
        vault.faults().on(Operation.BACKUP, "secret", "first").times(1).after(() -> vault.rotate("secret", "first"));
        vault.faults().on(Operation.BACKUP, "secret", "second").times(1).after(() -> vault.rotate("secret", "second"));
        vault.faults().on(Operation.BACKUP, "secret", "first").skip(1).times(1).delay(Duration.ofMillis(3_500));

        // when
        Bench.Result late = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(late.exitCode()).as(late.out() + late.err()).isEqualTo(3);
        assertThat(late.outcomes()).isEqualTo(Map.of("BACKED_UP", 2L));
        assertThat(late.failures()).isEqualTo(Map.of("the run itself", "DEADLINE", "secret/second", "DEADLINE"));
        assertThat(manifestOf(late).has("consistentAsOf")).isFalse();
        assertThatTheCopyIsOfTheLastState(manifestOf(late), "secret", "first");
        assertThat(object(manifestOf(late), "secret/second").path("blob").asString())
                .endsWith("/second.1");
    }

    @Test
    void aRunThatIsStoppedInALaterRoundIsContinued() {
        // given
        vault.secret("rotated");
        var stop = bench.nextStop();
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .times(1)
                .after(() -> vault.rotate("secret", "rotated"));
        vault.faults()
                .on(Operation.VERSIONS, "secret", "rotated")
                .skip(1)
                .times(1)
                .before(stop::give);
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .skip(1)
                .times(1)
                .forbid("ForbiddenByRbac");
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().has("manifest")).isFalse();
        bench.nextStop();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThatTheCopyIsOfTheLastState(manifestOf(relaunch), "secret", "rotated");
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM ledger_former")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void theMomentIsBeforeThePageWasReadHoweverLateItsAnswerComes() {
        // given a closing listing whose answer is under way for seconds, while the secret changes
        vault.secret("app");
        vault.faults().on(Operation.LIST, "secret").skip(1).times(1).after(() -> {
            vault.rotate("secret", "app");
            SkippingTime.skip(Duration.ofSeconds(3));
        });

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT, "--kind", "secret");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        Instant moment = Instant.parse(manifestOf(result).path("consistentAsOf").asString());
        assertThat(moment).isBefore(vault.history("secret", "app").getLast().at());
    }

    @Test
    void whatCertificatesOwnDoesNotMatterToARunWithoutCertificates() {
        // given a certificate that is renewed during the run, and one whose place a plain secret takes
        vault.secret("app");
        vault.certificate("renewed");
        vault.certificate("replaced");
        vault.faults().on(Operation.BACKUP, "secret", "app").times(1).after(() -> {
            vault.rotate("certificate", "renewed");
            vault.delete("certificate", "replaced");
            vault.purge("certificate", "replaced");
        });

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT, "--kind", "secret");

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(1);
        assertThat(manifestOf(result).has("consistentAsOf")).isTrue();
    }

    @Test
    void noMomentIsClaimedWhereNoListingIsWanted() {
        vault.secret("app");
        bench.set("keyvault-backup.settle-rounds", "0");

        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(3);
        assertThat(manifestOf(result).has("consistentAsOf")).isFalse();
        assertThat(result.summary().path("closing_listings").asInt()).isZero();
        Bench.Result text = bench.run("ls", "latest");
        assertThat(text.out()).contains("As of     no moment that is known");
    }

    @Test
    void aCopyOfALaterRoundIsAdoptedWhereNothingButItIsKnown() {
        // given a run whose database and manifest are lost
        vault.secret("rotated");
        vault.secret("stays");
        vault.faults()
                .on(Operation.BACKUP, "secret", "rotated")
                .times(1)
                .after(() -> vault.rotate("secret", "rotated"));
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        String manifest = first.summary().path("manifest").asString();
        forget(manifest);
        vault.requests().reset();

        // when another database's run looks for what is there
        bench.set("keyvault-backup.data-directory", directory.resolve("other").toString());
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        assertThat(object(manifestOf(relaunch), "secret/rotated").path("blob").asString())
                .endsWith("/rotated.1.2");
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }

    private void forget(String manifest) {
        try {
            java.nio.file.Files.delete(bench.store().resolve(manifest));
            java.nio.file.Files.deleteIfExists(bench.store().resolve(manifest + ".meta"));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aRunThatIsStoppedWhileItListsAgainIsContinued() {
        // given
        vault.secrets("app", 3);
        var stop = bench.nextStop();
        vault.faults().on(Operation.LIST, "secret").skip(1).times(1).after(stop::give);
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        bench.nextStop();
        vault.requests().reset();

        // when
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(1 + 3);
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }

    @Test
    void timeThatRunsOutBeforeTheVaultIsListedAgainLeavesTheRunIncomplete() {
        // given
        vault.secrets("app", 30); // two pages
        bench.set("keyvault-backup.deadline", "2s");
        vault.faults().on(Operation.LIST, "secret").skip(1).times(1).delay(Duration.ofMillis(2_500));

        // when
        Bench.Result late = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(late.exitCode()).as(late.out() + late.err()).isEqualTo(3);
        assertThat(late.failures()).isEqualTo(Map.of("the run itself", "DEADLINE"));
        assertThat(manifestOf(late).has("consistentAsOf")).isFalse();
        bench.set("keyvault-backup.deadline", "1h");
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(manifestOf(relaunch).has("consistentAsOf")).isTrue();
    }
}
