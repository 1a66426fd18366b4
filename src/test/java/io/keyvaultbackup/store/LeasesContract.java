package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keyvaultbackup.vault.FailureReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the leases of every store promise. */
public abstract class LeasesContract {

    protected static final String VAULT = "team-a.vault.azure.net";
    protected static final String SNAPSHOT = "20261124T030000Z-4f2a9c";
    protected static final String OWNER = "host-1 (process 123)";

    /** As another process opens them; all of one test are of one store. */
    protected abstract Leases leases();

    /** Whoever has the vault's lease loses it, as if it had ended: the next one may take it. */
    protected abstract void end(String vault);

    /** The note that the store keeps of this vault is this text. */
    protected abstract void damage(String vault, String text);

    @Test
    void giveAVaultToOneAtATimeAndNameThatOne() {
        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1)) {
            assertThatExceptionOfType(LeaseHeldException.class)
                    .isThrownBy(() -> leases().acquire(VAULT, "20261125T030000Z-111111", "host-2", 1))
                    .withMessageStartingWith(VAULT + " is being backed up, or restored into, by " + OWNER + ", run "
                            + SNAPSHOT + ", execution " + lease.execution() + ", lease until 20");
        }
    }

    @Test
    void giveAVaultToOneOfManyThreads() {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Lease>> tries = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < threads; thread++) {
                Callable<Lease> taking = () -> {
                    start.await();
                    return leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
                };
                tries.add(executor.submit(taking));
            }
        }

        Map<Boolean, List<Future<Lease>>> won =
                tries.stream().collect(Collectors.partitioningBy(one -> one.state() == Future.State.SUCCESS));
        assertThat(won.get(true))
                .singleElement()
                .satisfies(one -> assertThat(one.resultNow().execution()).isEqualTo(1));
        assertThat(won.get(false))
                .hasSize(threads - 1)
                .allSatisfy(one -> assertThat(one.exceptionNow()).isInstanceOf(LeaseHeldException.class));
    }

    @Test
    void giveTwoVaultsToTwoAtATime() {
        try (Lease one = leases().acquire("localhost_8443", SNAPSHOT, OWNER, 1);
                Lease other = leases().acquire("localhost_8444", SNAPSHOT, OWNER, 1)) {
            assertThat(one.execution()).isEqualTo(other.execution()).isEqualTo(1);
        }
    }

    @Test
    void areThereAgainOnceGivenBackAndRememberTheNumber() {
        for (int execution = 1; execution <= 3; execution++) {
            try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1)) {
                assertThat(lease.execution()).isEqualTo(execution);
            }
        }
    }

    @Test
    void numberEachSnapshotForItself() {
        assertThat(numberOf(SNAPSHOT, 1)).isEqualTo(1);
        assertThat(numberOf(SNAPSHOT, 7)).isEqualTo(7);

        assertThat(numberOf("20261125T030000Z-111111", 1)).isEqualTo(1);
        assertThat(numberOf("20261126T030000Z-222222", 4)).isEqualTo(4);

        assertThat(numberOf(SNAPSHOT, 2)).isEqualTo(8);
    }

    @Test
    void goToTheNextOneWithAHigherNumberWhenTheyEnd() {
        Lease crashed = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);

        end(VAULT);

        try (Lease next = leases().acquire(VAULT, SNAPSHOT, "host-2 (process 9)", 1)) {
            assertThat(crashed.execution()).isEqualTo(1);
            assertThat(next.execution()).isEqualTo(2);
        }
    }

    @Test
    void areRenewed() {
        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1)) {
            assertThat(lease.lifetime()).isPositive();
            assertThatCode(lease::renew).doesNotThrowAnyException();
            assertThatExceptionOfType(LeaseHeldException.class)
                    .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-2", 1));
        }
    }

    @Test
    void areNotRenewedByOneWhoLostThem() {
        Lease lost = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        end(VAULT);

        try (Lease next = leases().acquire(VAULT, SNAPSHOT, "host-2", 1)) {
            assertThatExceptionOfType(LeaseLostException.class)
                    .isThrownBy(lost::renew)
                    .withMessageStartingWith(
                            "the lease of " + VAULT + " for run " + SNAPSHOT + ", execution 1, is lost: ");
            assertThatCode(next::renew).doesNotThrowAnyException();
        }
    }

    @Test
    void areNotRenewedByOneWhoGaveThemBack() {
        Lease closed = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        closed.close();

        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(closed::renew);
    }

    @Test
    void areNotGivenBackByOneWhoLostThem() {
        Lease lost = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        end(VAULT);
        Lease next = leases().acquire(VAULT, SNAPSHOT, "host-2", 1);

        lost.close();

        assertThatExceptionOfType(LeaseHeldException.class)
                .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-3", 1))
                .withMessageContaining("host-2")
                .withMessageContaining("execution 2");
        assertThatCode(next::renew).doesNotThrowAnyException();
    }

    @Test
    void areGivenBackTwiceWithoutHarm() {
        Lease first = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        first.close();
        Lease second = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);

        first.close();

        assertThatCode(second::renew).doesNotThrowAnyException();
    }

    @Test
    void areGivenBackByAThreadThatIsInterrupted() {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);

        Thread.currentThread().interrupt();
        lease.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(numberOf(SNAPSHOT, 1)).isEqualTo(2);
    }

    @Test
    void areRefusedWhereTheNoteOfThemIsDamaged() {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();

        for (String text :
                List.of("", "garbage", "null", "[]", "{}", "{\"holder\":{\"owner\":\"h", "{\"holder\":{}}")) {
            damage(VAULT, text);

            assertThatExceptionOfType(StoreException.class)
                    .as(text)
                    .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, OWNER, 1))
                    .withMessageContaining("is damaged")
                    .withMessageContaining("Make sure that nobody does, then delete")
                    .satisfies(thrown -> assertThat(thrown.failure().reason()).isEqualTo(FailureReason.REFUSED));
        }
    }

    @Test
    void areOfVaultsThatCouldBePartOfABlobsName() {
        for (String vault : List.of("", "a/b", "..", "https://team-a.vault.azure.net/")) {
            assertThatIllegalArgumentException().isThrownBy(() -> leases().acquire(vault, SNAPSHOT, OWNER, 1));
        }
    }

    private int numberOf(String snapshot, int least) {
        try (Lease lease = leases().acquire(VAULT, snapshot, OWNER, least)) {
            return lease.execution();
        }
    }

    @Test
    void tellWhoHasAVaultWithoutTakingIt() {
        assertThat(leases().note(VAULT)).isEqualTo(LeaseNote.NEW);
        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 3)) {
            LeaseNote held = leases().note(VAULT);

            assertThat(held.holder()).isNotNull().satisfies(holder -> {
                assertThat(holder.owner()).isEqualTo(OWNER);
                assertThat(holder.snapshot()).isEqualTo(SNAPSHOT);
                assertThat(holder.execution()).isEqualTo(lease.execution());
            });
            assertThatCode(lease::renew).doesNotThrowAnyException();
        }
        assertThat(leases().note(VAULT).holder()).isNull();
        assertThat(leases().note(VAULT).numbers().latest()).containsEntry(SNAPSHOT, 3);
    }
}
