package io.keyvaultbackup.dashboard.request;

import io.keyvaultbackup.ledger.AuditLog;
import io.keyvaultbackup.ledger.Requests;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Writes a wish down and has it done: first who asks, in the audit log, so that nothing is begun of which it does not tell; then the request; then whoever does
 * it. Safe for use by many threads.
 */
public final class Asking {

    private final ObjectProvider<AuditLog> audit;
    private final ObjectProvider<Requests> requests;
    private final Launching launching;
    private final InstantSource clock;

    Asking(
            ObjectProvider<AuditLog> audit,
            ObjectProvider<Requests> requests,
            Launching launching,
            InstantSource clock) {
        this.audit = audit;
        this.requests = requests;
        this.launching = launching;
        this.clock = clock;
    }

    /** Why such an action cannot be asked for here, in a sentence; null if it can. */
    public @Nullable String whyNot(RequestedAction action) {
        return launching.whyNot(action);
    }

    /**
     * Has it done. That the asker may is known.
     *
     * @throws RuntimeException if the job database cannot be written: then nothing was begun
     */
    public Asked ask(Wish wish, Asker asker) {
        String why = launching.whyNot(wish.action());
        if (why != null) {
            note(wish, asker, null, "refused");
            return new Asked.Refused(why, false);
        }
        note(wish, asker, null, "asked");
        Optional<Request> added =
                requests.getObject().add(wish, asker.who(), clock.instant(), launching.jobs(wish.action()));
        if (added.isEmpty()) {
            note(wish, asker, null, "already asked");
            return new Asked.Refused(
                    "Somebody has asked for the same at this vault, and it is not done yet. Look at the requests.",
                    true);
        }
        return launch(added.get(), asker);
    }

    private Asked launch(Request request, Asker asker) {
        try {
            launching.launch(request);
            note(request.wish(), asker, request.id(), "accepted");
            return new Asked.Accepted(request);
        } catch (LaunchFailedException failed) {
            String said = String.valueOf(failed.getMessage());
            requests.getObject().withdraw(request.id(), clock.instant(), said);
            note(request.wish(), asker, request.id(), "failed");
            return new Asked.Refused(said, false);
        }
    }

    private void note(Wish wish, Asker asker, @Nullable String request, String outcome) {
        String run = wish.snapshot() == null ? null : wish.snapshot().value();
        audit.getObject()
                .add(new AuditLog.Entry(
                        clock.instant(),
                        asker.who(),
                        asker.byWay(),
                        asker.fromAddress(),
                        wish.action().name().toLowerCase(Locale.ROOT),
                        wish.vault(),
                        request == null ? run : "request " + request + (run == null ? "" : " of " + run),
                        outcome));
    }
}
