package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.LedgerPruning;
import io.keyvaultbackup.ledger.OldRuns;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is let go of the job database once a run is sealed, while its lease is held; the run is what it is, whatever becomes of what older ones left. */
final class LettingGo {

    private static final Logger LOG = LoggerFactory.getLogger(LettingGo.class);

    private final LedgerPruning pruning;
    private final OldRuns oldRuns;
    private final InstantSource clock;

    LettingGo(LedgerPruning pruning, OldRuns oldRuns, InstantSource clock) {
        this.pruning = pruning;
        this.oldRuns = oldRuns;
        this.clock = clock;
    }

    void after(VaultAddress vault) {
        attempt("The rows of the objects of older runs of " + vault, () -> pruning.letGo(vault));
        attempt("Runs of long ago of " + vault, () -> oldRuns.letRunsGo(vault, clock.instant()));
        // of those that are not let go whole
        attempt(
                "The rows of objects of runs of long ago of " + vault,
                () -> pruning.letOldPlansGo(vault, clock.instant()));
        attempt(
                "Examinations and restores of long ago of " + vault,
                () -> oldRuns.letExaminationsAndRestoresGo(vault, clock.instant()));
        attempt("Spring Batch's records of long ago", () -> oldRuns.letJobsGo(clock.instant()));
    }

    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            LOG.warn(
                    "{} are still in the job database, and are let go after its next run: {}",
                    what,
                    RunResults.understand(failed).message());
            LOG.debug("Why they were not let go", failed);
        }
    }
}
