package io.keyvaultbackup.pipeline;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * A reader whose items are made ahead of it on virtual threads and handed on in the order in which they are finished, so that one
 * slow item holds up one thread and nothing else. Spring Batch's own concurrent step waits for the slowest item of each chunk.
 *
 * <p>Bounded: so many results wait for the reader and no more; then the threads wait. Whoever reads a chunk and records it in one transaction has, whatever ends the
 * process, begun no more than the threads, these results and one chunk of items that are not recorded. Nothing that was finished is lost:
 * after {@link #stop()} or {@link #abandon()}, and after a thread failed, the reader still gets every result before it gets the end, or the failure.
 *
 * <p>{@link #read()} is for one thread; {@link #stop()} and {@link #abandon()} may be called from any.
 */
public final class Stage<T> implements ItemStreamReader<T> {

    private static final long RECHECK_MILLIS = 100;

    private final String name;
    private final List<Work<T>> works;
    private final BlockingQueue<Message<T>> results;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile boolean abandoning;
    private volatile boolean closed;
    private int ended;

    /**
     * One thread for each work.
     *
     * @param ahead how many results may wait for the reader besides those that threads wait with; none, and each is handed from thread to reader
     */
    public Stage(String name, List<Work<T>> works, int ahead) {
        this.name = name;
        this.works = List.copyOf(works);
        this.results = ahead == 0 ? new SynchronousQueue<>(true) : new ArrayBlockingQueue<>(ahead);
    }

    /**
     * A stage of so many threads that share the items of one source. A thread keeps what it has finished until the reader takes it, so that no more items are
     * begun and not yet read than there are threads.
     *
     * @param source the next item, or null after the last; called by one thread at a time
     * @param function what is done to each, by many threads at a time
     */
    public static <I, T> Stage<T> workAhead(
            String name, int threads, Supplier<@Nullable I> source, Function<I, T> function) {
        ReentrantLock oneAtATime = new ReentrantLock();
        Work<T> work = output -> {
            while (!output.isStopping()) {
                @Nullable I item;
                oneAtATime.lockInterruptibly();
                try {
                    item = source.get();
                } finally {
                    oneAtATime.unlock();
                }
                if (item == null) {
                    return;
                }
                output.emit(function.apply(item));
            }
        };
        return new Stage<>(name, Collections.nCopies(threads, work), 0);
    }

    /** Starts the threads. */
    @Override
    public void open(ExecutionContext executionContext) {
        for (int number = 0; number < works.size(); number++) {
            Work<T> work = works.get(number);
            threads.add(Thread.ofVirtual().name(name + "-" + number).start(Carried.over(() -> run(work))));
        }
    }

    private void run(Work<T> work) {
        try {
            work.run(new QueueOutput());
        } catch (Throwable failed) { // an Error must reach the reader too, or it would wait for ever
            if (!abandoning || failed instanceof Error) {
                failure.compareAndSet(null, failed);
            }
            stopping = true;
        }
        handOn(new Ended<>());
    }

    /** An interrupt, also one that the work left behind, must not lose what is finished, nor that the work ended; after close nobody reads. */
    private void handOn(Message<T> message) {
        boolean interrupted = Thread.interrupted();
        while (!closed) {
            try {
                if (results.offer(message, RECHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next finished result, waiting for it; null when all work has ended. */
    @Override
    public @Nullable T read() throws Exception {
        while (ended < works.size()) {
            switch (results.take()) {
                case Result<T>(T value) -> {
                    return value;
                }
                case Ended<T>() -> ended++;
            }
        }
        return switch (failure.get()) {
            case null -> null;
            case Exception exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        };
    }

    /** Begins no more work; what is under way is finished and handed on. */
    public void stop() {
        stopping = true;
    }

    /** Begins no more work and interrupts what is under way, whose results are given up; what was finished is still handed on. */
    public void abandon() {
        abandoning = true;
        stopping = true;
        threads.forEach(Thread::interrupt);
    }

    /** Abandons what is under way and waits for the threads to end. */
    @Override
    public void close() {
        stopping = true;
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private sealed interface Message<T> {}

    private record Result<T>(T value) implements Message<T> {}

    private record Ended<T>() implements Message<T> {}

    private final class QueueOutput implements Work.Output<T> {

        @Override
        public void emit(T result) {
            handOn(new Result<>(result));
        }

        @Override
        public boolean isStopping() {
            return stopping;
        }
    }
}
