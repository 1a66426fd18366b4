package io.keyvaultbackup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemoryBudgetTest {

    @Test
    void isNeverExceededWhateverIsAskedFor() throws Exception {
        // given 32 threads that want up to twice the whole
        long seed = 20_261_124;
        MemoryBudget memory = new MemoryBudget(1_000);
        List<Thread> threads = new ArrayList<>();

        // when each reserves, shrinks and releases a thousand times
        for (int number = 0; number < 32; number++) {
            Random random = new Random(seed + number);
            threads.add(Thread.ofVirtual().start(() -> {
                for (int count = 0; count < 1_000; count++) {
                    try (MemoryBudget.Reservation reservation = memory.reserve(random.nextInt(2_000))) {
                        reservation.shrinkTo(random.nextInt(100));
                    } catch (InterruptedException interrupted) {
                        return;
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        // then
        assertThat(memory.peak()).as("seed %d", seed).isBetween(900L, 1_000L);
        assertThat(memory.reserved()).as("seed %d", seed).isZero();
    }

    @Test
    void oneThatIsLargerThanTheWholeWaitsUntilItIsAlone() throws Exception {
        MemoryBudget memory = new MemoryBudget(100);
        MemoryBudget.Reservation small = memory.reserve(1);
        Thread large = Thread.ofVirtual().start(() -> {
            try {
                memory.reserve(1_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        while (large.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(memory.reserved()).isEqualTo(1);

        small.close();
        large.join();

        assertThat(memory.reserved()).isEqualTo(100);
    }

    @Test
    void closingTwiceReleasesOnce() throws Exception {
        MemoryBudget memory = new MemoryBudget(100);
        MemoryBudget.Reservation one = memory.reserve(60);
        memory.reserve(40);

        one.close();
        one.close();

        assertThat(memory.reserved()).isEqualTo(40);
    }

    @Test
    void nothingIsNoBudget() {
        assertThatThrownBy(() -> new MemoryBudget(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
