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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Writes a wish down and has it done: first who asks, in the audit log, so that nothing is begun of which it does not tell; then the request; then whoever does
 * it. Safe for use by many threads.
 */
public final class Asking {

    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

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
            return new Asked.Refused(Asked.Because.NOT_HERE, why);
        }
        note(wish, asker, null, "asked");
        Optional<Request> added =
                requests.getObject().add(wish, asker.who(), clock.instant(), launching.jobs(wish.action()));
        if (added.isEmpty()) {
            note(wish, asker, null, "already asked");
            return new Asked.Refused(
                    Asked.Because.ALREADY,
                    "Somebody has asked for the same at this vault, and it is not done yet. Look at the requests.");
        }
        return launch(added.get(), asker);
    }

    private Asked launch(Request request, Asker asker) {
        try {
            launching.launch(request);
        } catch (RuntimeException failed) {
            withdraw(request, asker, failed);
            if (failed instanceof LaunchFailedException) {
                return new Asked.Refused(Asked.Because.NOT_TAKEN, String.valueOf(failed.getMessage()));
            }
            throw failed;
        }
        noteIfPossible(request, asker, "accepted");
        return new Asked.Accepted(request);
    }

    /** Nobody will do it, so it keeps nobody from asking again. Where that cannot be written, it lapses in time. */
    private void withdraw(Request request, Asker asker, RuntimeException failed) {
        try {
            requests.getObject()
                    .withdraw(
                            request.id(),
                            clock.instant(),
                            failed instanceof LaunchFailedException
                                    ? String.valueOf(failed.getMessage())
                                    : "It could not be begun; the log of keyvault-backup serve says why.");
        } catch (RuntimeException unwritten) {
            failed.addSuppressed(unwritten);
        }
        noteIfPossible(request, asker, "failed");
    }

    /** That it was asked for is written down; what came of it is with the request as well, and no reason to say that nothing was begun. */
    private void noteIfPossible(Request request, Asker asker, String outcome) {
        try {
            note(request.wish(), asker, request.id(), outcome);
        } catch (RuntimeException unwritten) {
            LOG.warn(
                    "not written into the audit log, as the job database does not take it: request {} of {} {}",
                    request.id(),
                    asker.who(),
                    outcome);
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
