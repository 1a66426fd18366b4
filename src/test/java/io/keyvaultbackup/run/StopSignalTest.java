package io.keyvaultbackup.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSignalTest {

    private final StopSignal stop = new StopSignal();
    private final AtomicInteger heard = new AtomicInteger();

    @Test
    void isHeardOnceByWhoeverIsAtWorkAndByWhoeverBeginsLater() {
        stop.onGiven(heard::incrementAndGet);

        stop.give();
        stop.give();
        assertThat(heard).hasValue(1);

        stop.onGiven(heard::incrementAndGet);
        assertThat(heard).hasValue(2);
        assertThat(stop.isGiven()).isTrue();
    }

    @Test
    void isNotHeardByWhoeverIsDone() {
        Runnable hearNoMore = stop.onGiven(heard::incrementAndGet);

        hearNoMore.run();
        stop.give();

        assertThat(heard).hasValue(0);
    }
}
