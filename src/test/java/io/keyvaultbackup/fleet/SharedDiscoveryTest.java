package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedResourceManager;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Pods that share a night, and were told different lists of vaults: each asks an Azure of its own here. */
@Timeout(300)
class SharedDiscoveryTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NEXT = "2026-11-25T03:00:00Z";
    private static final String OURS = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final int SECRETS = 2;

    private List<EmulatedVault> vaults;
    private Pod first;
    private Pod second;

    @BeforeEach
    void prepare() throws IOException {
        vaults = IntStream.range(0, 6)
                .mapToObj(number -> {
                    EmulatedVault made = emulator.vault("team-" + number);
                    made.secrets("app", SECRETS);
                    return made;
                })
                .toList();
        Postgres.Database database = Postgres.shared().newDatabase();
        first = new Pod(bench, database);
        second = new Pod(new Bench(Files.createDirectory(directory.resolve("second")), emulator), database);
        second.bench().set("keyvault-backup.store.directory", bench.store().toString());
    }

    private record Pod(Bench bench, EmulatedResourceManager azure) {

        Pod(Bench bench, Postgres.Database database) {
            this(bench, emulator.resourceManager());
            bench.with(FastTime.class)
                    .set("keyvault-backup.store.lease", "10s")
                    .set("keyvault-backup.vaults-at-once", "2")
                    .set("keyvault-backup.fleet.discovery.enabled", "true")
                    .set("keyvault-backup.fleet.discovery.endpoint", azure.uri().toString())
                    .onDatabase(database);
        }

        Pod knows(List<EmulatedVault> some) {
            some.forEach(vault -> azure.vault(vault.uri() + "/", OURS, "production", "westeurope", Map.of()));
            return this;
        }

        Bench.Result shares(String night) {
            return bench.run("backup", "--json", "--shared", "--scheduled-for", night);
        }

        CompletableFuture<Bench.Result> sharesAtTheSameTime(String night) {
            return CompletableFuture.supplyAsync(
                    () -> shares(night), program -> Thread.ofPlatform().start(program));
        }
    }

    private static List<String> launched(Bench.Result result) {
        return result.lines("summary").stream()
                .map(summary -> summary.path("vault").asString())
                .toList();
    }

    private static List<String> addresses(List<EmulatedVault> vaults) {
        return vaults.stream().map(vault -> vault.uri().toString()).toList();
    }

    private static void assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    }

    /** That all of these were ended, by whomever, and no other was told of. */
    private static void assertTellsOf(List<EmulatedVault> its, Bench.Result result) {
        JsonNode together = result.lines("vaults").getFirst();
        assertThat(together.path("vaults").asInt()).isEqualTo(its.size());
        assertThat(together.has("not_begun")).isFalse();
        assertThat(addresses(its)).containsAll(launched(result));
        assertThat(together.path("done").asInt()
                        + together.path("ended_elsewhere").asInt())
                .isEqualTo(its.size());
    }

    @Test
    void everyVaultThatAnyOfThemKnowsIsBackedUpOnce() throws Exception {
        // given two vaults that vanished, and two that appeared, between the one's question and the other's
        first.knows(vaults.subList(0, 4));
        second.knows(vaults.subList(2, 6));

        // when
        CompletableFuture<Bench.Result> running = first.sharesAtTheSameTime(NIGHT);
        Bench.Result ended = second.shares(NIGHT);
        Bench.Result other = running.get(2, TimeUnit.MINUTES);

        // then
        assertEnds(0, other);
        assertEnds(0, ended);
        assertThat(Stream.concat(launched(other).stream(), launched(ended).stream()))
                .containsExactlyInAnyOrderElementsOf(addresses(vaults));
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
        assertTellsOf(vaults.subList(0, 4), other);
        assertTellsOf(vaults.subList(2, 6), ended);
    }

    @Test
    void aPodNeitherTakesNorWaitsForAVaultThatItWasNotToldOf() throws Exception {
        // given vaults that the first pod alone knows: one that is at work for as long as the second pod is, and two
        // that nobody has begun
        List<EmulatedVault> inOrder = vaults.stream()
                .sorted(Comparator.comparing(vault -> vault.uri().toString()))
                .toList();
        first.knows(inOrder).bench().set("keyvault-backup.vaults-at-once", "1");
        second.knows(inOrder.subList(1, 4));
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        inOrder.getFirst().faults().on(Operation.BACKUP).times(1).before(() -> {
            atWork.countDown();
            await(goOn);
        });
        CompletableFuture<Bench.Result> running = first.sharesAtTheSameTime(NIGHT);
        await(atWork);

        // when
        Bench.Result ended = second.shares(NIGHT);
        boolean stillAtWork = !running.isDone();
        goOn.countDown();

        // then
        assertThat(stillAtWork).isTrue();
        assertEnds(0, ended);
        assertThat(launched(ended)).containsExactlyInAnyOrderElementsOf(addresses(inOrder.subList(1, 4)));
        assertTellsOf(inOrder.subList(1, 4), ended);
        assertEnds(0, running.get(2, TimeUnit.MINUTES));
        assertTellsOf(inOrder, running.get());
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
    }

    @Test
    void whoseDiscoveryFailedDoesTheLastKnownListAndSaysSoAlone() {
        // given a night that both of them knew the same of, and since then a vault that vanished and two that appeared
        first.knows(vaults.subList(0, 3));
        assertEnds(0, first.shares(NIGHT));
        first.knows(vaults.subList(3, 5)).azure().forget(vaults.getFirst().uri() + "/");
        second.azure().refuseAlways(500, "InternalServerError", "Something broke.");

        // when
        Bench.Result failed = second.shares(NEXT);
        Bench.Result well = first.shares(NEXT);
        Bench.Result again = second.shares(NEXT);

        // then
        assertEnds(3, failed);
        assertThat(launched(failed)).containsExactlyInAnyOrderElementsOf(addresses(vaults.subList(0, 3)));
        assertThat(failed.lines("error"))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.path("message").asString()).contains("The 3 vaults of the last known list"));
        assertEnds(0, well);
        assertThat(launched(well)).containsExactlyInAnyOrderElementsOf(addresses(vaults.subList(3, 5)));
        assertTellsOf(vaults.subList(1, 5), well);

        // and one that comes later has the newer list, of which nothing is left to do
        assertEnds(3, again);
        assertThat(launched(again)).isEmpty();
        assertTellsOf(vaults.subList(1, 5), again);
    }

    @Test
    void whoKnowsOfNoVaultLeavesTheNightToTheOthers() {
        // given
        second.azure().refuseAlways(403, "AuthorizationFailed", "The client does not have authorization.");
        first.knows(vaults.subList(0, 2));

        // when
        Bench.Result nothing = second.shares(NIGHT);
        Bench.Result well = first.shares(NIGHT);

        // then
        assertEnds(13, nothing);
        assertThat(nothing.lines("error")).hasSize(1);
        assertThat(nothing.lines("vaults")).isEmpty();
        assertEnds(0, well);
        assertThat(launched(well)).hasSize(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
