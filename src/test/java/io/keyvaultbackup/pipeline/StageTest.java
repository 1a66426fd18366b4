package io.keyvaultbackup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.item.ExecutionContext;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StageTest {

    @Test
    void everyItemComesOutOnceAndThenTheEnd() throws Exception {
        Stage<Integer> stage = Stage.workAhead("test", 8, numbers(10_000), number -> number);
        stage.open(new ExecutionContext());

        List<Integer> results = readAll(stage);

        assertThat(results).hasSize(10_000).containsExactlyInAnyOrderElementsOf(range(10_000));
        assertThat(stage.read()).isNull();
        stage.close();
    }

    @Test
    void oneSlowItemHoldsUpOneThreadAndNothingElse() throws Exception {
        // given the first item is not finished until all others have been read
        CountDownLatch othersAreOut = new CountDownLatch(1);
        Stage<Integer> stage = Stage.workAhead("test", 2, numbers(1_000), number -> {
            if (number == 0) {
                awaitQuietly(othersAreOut);
            }
            return number;
        });
        stage.open(new ExecutionContext());

        // when
        List<Integer> first = new ArrayList<>();
        for (int count = 0; count < 999; count++) {
            first.add(stage.read());
        }
        othersAreOut.countDown();

        // then
        assertThat(first).doesNotContain(0).hasSize(999);
        assertThat(stage.read()).isZero();
        assertThat(stage.read()).isNull();
        stage.close();
    }

    @Test
    void worksAheadNoFurtherThanItsThreads() throws Exception {
        // given nobody reads
        Semaphore begun = new Semaphore(0);
        Stage<Integer> stage = Stage.workAhead("test", 4, numbers(1_000), number -> {
            begun.release();
            return number;
        });
        stage.open(new ExecutionContext());

        // when it has done what it may
        begun.acquire(4);

        // then each thread keeps its result, and for each that is read another is begun
        assertThat(begun.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(stage.read()).isNotNull();
        begun.acquire();
        assertThat(begun.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(readAll(stage)).hasSize(999);
        stage.close();
    }

    @Test
    void aFailureReachesTheReaderAfterEverythingThatWasFinished() {
        // given the fifth item fails
        Stage<Integer> stage = Stage.workAhead("test", 1, numbers(1_000), number -> {
            if (number == 5) {
                throw new IllegalStateException("the fifth");
            }
            return number;
        });
        stage.open(new ExecutionContext());

        // when
        List<Integer> results = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        results.add(stage.read());
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the fifth");

        // then
        assertThat(results).containsExactly(0, 1, 2, 3, 4);
        stage.close();
    }

    @Test
    void anErrorReachesTheReaderToo() {
        Stage<Integer> stage = Stage.workAhead("test", 3, numbers(10), number -> {
            throw new AssertionError("not an exception");
        });
        stage.open(new ExecutionContext());

        assertThatThrownBy(() -> readAll(stage)).isInstanceOf(AssertionError.class);
        stage.close();
    }

    @Test
    void aWorkThatEndsInterruptedIsAFailureAndNoHang() {
        Stage<Integer> stage = Stage.workAhead("test", 3, numbers(10), number -> {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted by nobody's wish");
        });
        stage.open(new ExecutionContext());

        assertThatThrownBy(() -> readAll(stage)).isInstanceOf(java.util.concurrent.CancellationException.class);
        stage.close();
    }

    @Test
    void aFailingSourceReachesTheReader() {
        Stage<Integer> stage = Stage.<Integer, Integer>workAhead(
                "test",
                3,
                () -> {
                    throw new IllegalStateException("no more database");
                },
                number -> number);
        stage.open(new ExecutionContext());

        assertThatThrownBy(() -> readAll(stage)).hasMessage("no more database");
        stage.close();
    }

    @Test
    void stopBeginsNothingMoreAndHandsOnWhatWasUnderWay() throws Exception {
        // given two items under way
        CountDownLatch underWay = new CountDownLatch(2);
        CountDownLatch mayFinish = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        Stage<Integer> stage = Stage.workAhead("test", 2, numbers(1_000), number -> {
            begun.incrementAndGet();
            underWay.countDown();
            awaitQuietly(mayFinish);
            return number;
        });
        stage.open(new ExecutionContext());
        underWay.await();

        // when
        stage.stop();
        mayFinish.countDown();

        // then
        assertThat(readAll(stage)).containsExactlyInAnyOrder(0, 1);
        assertThat(begun).hasValue(2);
        stage.close();
    }

    @Test
    void abandonGivesUpWhatIsUnderWayAndHandsOnWhatWasFinished() throws Exception {
        // given one item that is finished and one that never will be
        CountDownLatch stuck = new CountDownLatch(1);
        Stage<Integer> stage = Stage.workAhead("test", 2, numbers(2), number -> {
            if (number == 1) {
                stuck.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException abandoned) {
                    throw new java.util.concurrent.CancellationException("abandoned");
                }
            }
            return number;
        });
        stage.open(new ExecutionContext());
        stuck.await();

        // when
        stage.abandon();

        // then it ends, and no failure
        assertThat(readAll(stage)).containsExactly(0);
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatIsFinishedAndWaitsForTheReaderSurvivesAnAbandon(int ahead) throws Exception {
        // given four results of which the reader has room for one at most: the others' threads wait
        CountDownLatch finished = new CountDownLatch(4);
        List<Work<Integer>> works = range(4).stream()
                .<Work<Integer>>map(number -> output -> {
                    finished.countDown();
                    output.emit(number);
                })
                .toList();
        Stage<Integer> stage = new Stage<>("test", works, ahead);
        stage.open(new ExecutionContext());
        finished.await();

        // when
        stage.abandon();

        // then
        assertThat(readAll(stage)).containsExactlyInAnyOrder(0, 1, 2, 3);
        stage.close();
    }

    @Test
    void closeEndsAThreadWhoseInterruptWasSwallowed() throws Exception {
        // given a thread that waits for the reader after a library has swallowed the only interrupt
        CountDownLatch underWay = new CountDownLatch(1);
        AtomicInteger swallowed = new AtomicInteger();
        Work<Integer> work = output -> {
            output.emit(1);
            underWay.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException lost) {
                swallowed.incrementAndGet();
            }
            output.emit(2);
        };
        Stage<Integer> stage = new Stage<>("test", List.of(work), 1);
        stage.open(new ExecutionContext());
        underWay.await();

        // when, then it returns
        stage.close();
        assertThat(swallowed).hasValue(1);
    }

    @Test
    void closeEndsEveryThreadThoughNobodyReads() throws Exception {
        // given threads that wait for a reader, and one in the middle of its work
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch underWay = new CountDownLatch(1);
        Stage<Integer> stage = Stage.workAhead("test", 4, numbers(1_000), number -> {
            if (number == 0) {
                underWay.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException abandoned) {
                    interrupted.incrementAndGet();
                    Thread.currentThread().interrupt();
                }
            }
            return number;
        });
        stage.open(new ExecutionContext());
        underWay.await();

        // when
        stage.close();

        // then (close waits for the threads, so that this is seen)
        assertThat(interrupted).hasValue(1);
    }

    @Test
    void worksOfDifferentSortsRunSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Work<String> left = output -> {
            both.countDown();
            both.await();
            output.emit("left");
        };
        Work<String> right = output -> {
            both.countDown();
            both.await();
            output.emit("right");
        };
        Stage<String> stage = new Stage<>("test", List.of(left, right), 1);
        stage.open(new ExecutionContext());

        assertThat(readAll(stage)).containsExactlyInAnyOrder("left", "right");
        stage.close();
    }

    @Test
    void aStageWithoutWorkEndsAtOnce() throws Exception {
        Stage<String> stage = new Stage<>("test", List.of(), 1);
        stage.open(new ExecutionContext());

        assertThat(stage.read()).isNull();
        stage.close();
    }

    private static <T> List<T> readAll(Stage<T> stage) throws Exception {
        List<T> results = new ArrayList<>();
        for (T result = stage.read(); result != null; result = stage.read()) {
            results.add(result);
        }
        return results;
    }

    private static Supplier<@Nullable Integer> numbers(int count) {
        Iterator<Integer> numbers = range(count).iterator();
        return () -> numbers.hasNext() ? numbers.next() : null;
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
