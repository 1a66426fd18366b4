package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.request.RequestReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the plans of restores that were asked for. Safe for use by many threads. */
public final class PlanReader {

    private final RequestReader requests;
    private final ParsedPlans parsed = new ParsedPlans();

    PlanReader(RequestReader requests) {
        this.requests = requests;
    }

    /** @param plan null until the request is done */
    public record Planned(Request request, @Nullable Plan plan) {}

    /** The plan, if there is one, and whoever asks may see both vaults: it tells of the target's objects, too. */
    public Reading<Optional<Planned>> find(String request) {
        return requests.find(request)
                .map(found -> found.filter(one -> one.wish().action() == RequestedAction.RESTORE_PLAN)
                        .map(one -> new Planned(one, parsed.of(one))));
    }
}
