package io.keyvaultbackup.pipeline;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;

/** What log lines and spans of a thread are of, for the threads that it starts. */
public final class Carried {

    private static final ContextSnapshotFactory CONTEXTS = ContextSnapshotFactory.builder()
            .contextRegistry(new ContextRegistry()
                    .registerThreadLocalAccessor(new Slf4jThreadLocalAccessor())
                    .registerThreadLocalAccessor(new ObservationThreadLocalAccessor()))
            .build();

    private Carried() {}

    /** The same work as what this thread is at now, by whichever thread it is done, which has it no more afterwards. */
    public static Runnable over(Runnable work) {
        return CONTEXTS.captureAll().wrap(work);
    }
}
