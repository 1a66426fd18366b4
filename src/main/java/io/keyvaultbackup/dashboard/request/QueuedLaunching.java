package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A worker process on the same host ({@code keyvault-backup worker}) looks for requests in the database by itself. */
record QueuedLaunching() implements Launching {

    @Override
    public @Nullable String whyNot(RequestedAction action) {
        return null;
    }

    @Override
    public @Nullable UnaryOperator<String> jobs(RequestedAction action) {
        return null;
    }

    @Override
    public void launch(Request request) {
        // it is written down, which is all
    }
}
