package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A process takes over what another seemed to leave, and finds that it still holds the vault in the store: its claims had ended while it lives, as where the
 * database was out of its reach for a while. The vault is put off, and done later. Claims are ended by the tests, and not waited for.
 */
@Timeout(300)
class SharedNightHeldTest extends SharedVaultsTest {

    private EmulatedVault held;
    private EmulatedVault other;
    private List<EmulatedVault> vaults;
    private final CountDownLatch atWork = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void makeTwo() {
        var _ = usePostgres();
        bench.set("keyvault-backup.vaults-at-once", "1").set("keyvault-backup.threads", "1");
        vaults = vaults(2).stream()
                .sorted(Comparator.comparing(vault -> vault.uri().toString()))
                .toList();
        held = vaults.getFirst(); // nothing is known of either, so that this is the first one's
        other = vaults.getLast();
        held.faults().on(Operation.BACKUP).times(1).before(() -> {
            atWork.countDown();
            await(goOn);
        });
    }

    /** Until it is another's, as this process may renew its claim meanwhile. */
    private void awaitThatItIsPutOffBySomebodyElseThan(String process) {
        awaitThat("the second has nothing else to do", () -> stateOf(other).startsWith("ENDED"));
        awaitThat("the vault is put off", () -> {
            letTheClaimEnd(held, process);
            return stateOf(held).equals("PUT_OFF");
        });
    }

    @Test
    void whatItsHolderFinishesMeanwhileIsFoundDone() throws Exception {
        // given a process that is at work on one vault, and a second that has ended the other and takes the first over
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        await(atWork);
        String holder = processOf(held);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);
        awaitThatItIsPutOffBySomebodyElseThan(holder);
        assertThat(first.isDone() || second.isDone()).isFalse();
        assertThat(stateOf(other)).isEqualTo("ENDED 0");

        // when
        goOn.countDown();
        awaitThat(
                "its holder has finished it",
                () -> bench.blobs().keySet().stream().anyMatch(name -> name.startsWith(name(held) + "/manifests/")));
        awaitThat("somebody asks for it again", () -> {
            letTheClaimEnd(held);
            return stateOf(held).equals("ENDED 0");
        });

        // then
        assertEnds(0, first.get());
        assertEnds(0, second.get());
        assertThat(launched(first.get())).contains(held.uri().toString());
        assertThat(launched(second.get())).contains(other.uri().toString());
        assertThat(vaults)
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
        for (Bench.Result result : List.of(first.get(), second.get())) {
            assertThat(result.lines("error")).isEmpty();
            assertThat(result.lines("vaults").getFirst().path("vaults").asInt()).isEqualTo(2);
            assertThat(result.lines("vaults").getFirst().has("not_begun")).isFalse();
        }
    }

    @Test
    void whatItsHolderLeavesIsFinishedByWhoeverPutItOff() throws Exception {
        // given
        StopSignal stop = bench.nextStop();
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        await(atWork);
        String holder = processOf(held);
        bench.nextStop();
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);
        awaitThatItIsPutOffBySomebodyElseThan(holder);

        // when
        stop.give();
        goOn.countDown();
        assertEnds(130, first.get());
        assertThat(stateOf(held))
                .as("what its former holder tells is not heard")
                .isEqualTo("PUT_OFF");
        assertThat(second.isDone()).isFalse();
        letTheClaimEnd(held);

        // then
        assertEnds(0, second.get());
        assertThat(launched(second.get()))
                .containsExactly(other.uri().toString(), held.uri().toString());
        assertThat(second.get().lines("error")).isEmpty();
        assertThat(second.get().lines("vaults").getFirst().path("done").asInt()).isEqualTo(2);
        assertThat(stateOf(held)).isEqualTo("ENDED 0");
        assertThat(held.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
    }

    @Test
    void whatIsHeldForTooLongIsToldAsHeldAndIsDoneByTheNextProcess() throws Exception {
        // given
        CompletableFuture<Bench.Result> first = atTheSameTime(vaults);
        await(atWork);
        CompletableFuture<Bench.Result> second = atTheSameTime(vaults);

        // when
        awaitThat("it is put off no more", () -> {
            letTheClaimEnd(held);
            return stateOf(held).startsWith("ENDED");
        });

        // then
        assertThat(stateOf(held)).isEqualTo("ENDED 11");
        assertEnds(3, second.get());
        assertThat(second.get().lines("error"))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.path("message").asString()).contains("Wait until it has ended, or stop it"));
        JsonNode told = second.get().lines("vaults").getFirst().path("not_done").get(0);
        assertThat(told.path("exit_code").asInt()).isEqualTo(11);
        assertThat(told.path("vault").asString()).isEqualTo(held.uri().toString());

        // and its holder, who does it all the same
        goOn.countDown();
        assertEnds(0, first.get());

        // and the process that comes again
        Bench.Result again = backUp(vaults);
        assertEnds(0, again);
        assertThat(stateOf(held)).isEqualTo("ENDED 0");
        assertThat(held.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
    }

    /** Nobody's claim was taken over: somebody is at work who does not share, and may be for hours. */
    @Test
    void whatSomebodyElseHoldsIsNotWaitedFor() throws Exception {
        // given a backup of that vault alone, that is not shared
        CompletableFuture<Bench.Result> alone = atTheSameTime(() -> bench.backUp(held));
        await(atWork);

        // when
        CompletableFuture<Bench.Result> shared = atTheSameTime(vaults);
        awaitThat(
                "its lease is asked for",
                () -> vaultsAreKnown() && stateOf(held).matches("ENDED.*|PUT_OFF"));

        // then
        assertThat(stateOf(held)).isEqualTo("ENDED 11");
        assertEnds(3, shared.get());
        assertThat(stateOf(other)).isEqualTo("ENDED 0");
        goOn.countDown();
        assertEnds(0, alone.get());
        assertEnds(0, backUp(vaults));
    }

    private boolean vaultsAreKnown() {
        return bench.jdbc()
                        .sql("SELECT COUNT(*) FROM fleet_vault")
                        .query(Integer.class)
                        .single()
                == vaults.size();
    }

    /** In the store. */
    private static String name(EmulatedVault vault) {
        return vault.uri().getAuthority().replace(':', '_');
    }
}
