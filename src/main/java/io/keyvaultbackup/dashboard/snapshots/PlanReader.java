package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.ledger.Requests;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads the plans of restores that were asked for. Safe for use by many threads. */
public final class PlanReader {

    private final DatabaseReads reads;
    private final ObjectProvider<Requests> requests;
    private final VisibleVaults visible;
    private final ParsedPlans parsed = new ParsedPlans();

    PlanReader(DatabaseReads reads, ObjectProvider<Requests> requests, VisibleVaults visible) {
        this.reads = reads;
        this.requests = requests;
        this.visible = visible;
    }

    /** @param plan null until the request is done */
    public record Planned(Request request, @Nullable Plan plan) {}

    /** The plan, if there is one, and whoever asks may see both vaults: it tells of the target's objects, too. */
    public Reading<Optional<Planned>> find(String request) {
        Predicate<VaultAddress> seen = visible.those(); // asked here, since it is known of this thread
        return reads.ask(() -> requests.getObject()
                .find(request)
                .filter(one -> one.wish().action() == RequestedAction.RESTORE_PLAN
                        && seen.test(one.wish().vault())
                        && one.wish().target() != null
                        && seen.test(one.wish().target()))
                .map(one -> new Planned(one, parsed.of(one))));
    }
}
