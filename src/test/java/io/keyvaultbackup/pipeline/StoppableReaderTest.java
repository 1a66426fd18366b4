package io.keyvaultbackup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.StopSignal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** A stage whose second call never ends by itself: what is under way has its time, and no more. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoppableReaderTest {

    private final StopSignal stop = new StopSignal();
    private final StopSignal timeUp = new StopSignal();
    private final AtomicInteger allRead = new AtomicInteger();

    /** What is to be done once the patience has passed. */
    private final Deque<Runnable> afterPatience = new ArrayDeque<>();

    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicBoolean toldToBeginNoMore = new AtomicBoolean();
    private final StepExecution step =
            new StepExecution(1L, "backup", new JobExecution(1L, new JobInstance(1L, "job"), new JobParameters()));
    private final StoppableReader<Integer> reader = new StoppableReader<>(
            new Stage<>("test", List.of(this::work), 4), stop, timeUp, allRead::incrementAndGet, afterPatience::add);

    private void work(Work.Output<Integer> output) throws InterruptedException {
        output.emit(1);
        underWay.countDown();
        try {
            answer.await();
        } catch (InterruptedException abandoned) {
            interrupted.countDown();
            throw abandoned;
        }
        toldToBeginNoMore.set(output.isStopping());
        output.emit(2);
    }

    @BeforeEach
    void open() throws Exception {
        reader.beforeStep(step);
        reader.open(new ExecutionContext());
        underWay.await();
    }

    @AfterEach
    void close() {
        answer.countDown();
        reader.close();
    }

    @Test
    void nothingIsAbandonedBeforeAnybodyAsks() {
        assertThat(afterPatience).isEmpty();
    }

    @Test
    void aStopAbandonsWhatIsUnderWayWhenThePatienceHasPassedAndNotBefore() throws Exception {
        // when it is asked to stop
        stop.give();

        // then the call under way goes on
        assertThat(afterPatience).hasSize(1);
        assertThat(interrupted.getCount()).isEqualTo(1);

        // and it is interrupted once it has had its time, what was finished is read, and the step ends as stopped
        afterPatience.remove().run();
        interrupted.await();
        assertThat(reader.read()).isEqualTo(1);
        assertThat(reader.read()).isNull();
        assertThat(step.isTerminateOnly()).isTrue();
        assertThat(allRead).hasValue(0);
    }

    @Test
    void timeUpAbandonsWhatIsUnderWayWhenThePatienceHasPassedAndTheStepIsComplete() throws Exception {
        // when
        timeUp.give();

        // then
        assertThat(afterPatience).hasSize(1);
        assertThat(interrupted.getCount()).isEqualTo(1);

        // and
        afterPatience.remove().run();
        interrupted.await();
        assertThat(reader.read()).isEqualTo(1);
        assertThat(reader.read()).isNull();
        assertThat(step.isTerminateOnly()).isFalse();
        assertThat(allRead).hasValue(1);
    }

    @Test
    void whatEndsWithinItsTimeIsReadAsWellAndNothingMoreIsBegun() throws Exception {
        // given
        stop.give();

        // when
        answer.countDown();

        // then
        assertThat(reader.read()).isEqualTo(1);
        assertThat(reader.read()).isEqualTo(2);
        assertThat(reader.read()).isNull();
        assertThat(toldToBeginNoMore).isTrue();
        assertThat(interrupted.getCount()).isEqualTo(1);
    }
}
