package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Has what was asked for done by somebody who may do it. Safe for use by many threads. */
public interface Launching {

    /**
     * Why such an action cannot be asked for here, in a sentence; null if it can.
     */
    @Nullable
    String whyNot(RequestedAction action);

    /** Names the Kubernetes Job that is to do the request of an id; null where a worker takes it. */
    @Nullable
    UnaryOperator<String> jobs(RequestedAction action);

    /**
     * Begins it, if it does not begin by itself. To launch the same one again does no harm.
     *
     * @throws LaunchFailedException if nobody will do it
     */
    void launch(Request request);
}
