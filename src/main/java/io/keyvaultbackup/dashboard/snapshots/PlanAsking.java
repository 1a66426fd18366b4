package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.request.Asked;
import io.keyvaultbackup.dashboard.request.Asker;
import io.keyvaultbackup.dashboard.request.Asking;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import org.jspecify.annotations.Nullable;

/** Asks for the plan of a restore. Safe for use by many threads. */
public final class PlanAsking {

    private final Asking asking;

    PlanAsking(Asking asking) {
        this.asking = asking;
    }

    /** Why no plan can be asked for here, in a sentence; null if one can. */
    public @Nullable String whyNot() {
        return asking.whyNot(RequestedAction.RESTORE_PLAN);
    }

    /**
     * Asks; that the asker may is known.
     *
     * @return missing where the job database does not take it: then nothing was begun
     */
    public Reading<Asked> ask(Wish wish, Asker asker) {
        try {
            return Reading.known(asking.ask(wish, asker));
        } catch (RuntimeException failed) {
            DatabaseFailure failure = DatabaseFailure.of(failed).orElseThrow(() -> failed);
            return Reading.missing(failure.what() + " Nothing was begun.", failure.advice());
        }
    }
}
