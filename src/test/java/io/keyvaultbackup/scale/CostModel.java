package io.keyvaultbackup.scale;

import java.util.Locale;

/**
 * What a run costs beside its calls to the vault. Each figure has its source; those that tests here measure are bounded by them.
 *
 * @param processorOfThousandCopies seconds of the pod's processor for 1,000 objects that are copied, beside their listing (ProcessorCostTest)
 * @param processorOfThousandListed the same for 1,000 objects of a vault, copied or not: both listings, ledger, manifest (ProcessorCostTest)
 * @param databaseOfThousand seconds of PostgreSQL's processor for 1,000 objects of a full night: estimated, no run of ProcessorCostTest has told it yet
 * @param rowsOfRun rows that a complete run leaves in PostgreSQL for as long as it is kept, its objects aside (MeasuredCostTest)
 * @param bytesOfRun of these, with indexes (MeasuredCostTest)
 * @param runsWithObjects of how many runs of a vault the objects' rows stay (keyvault-backup.ledger.keep-objects)
 * @param bytesOfObjectRow of such a row, with indexes (MeasuredCostTest)
 * @param changesOfRun rows that a usual night of a vault inserts, changes and deletes, its objects aside (MeasuredCostTest)
 * @param changesOfObject the same for each object of the vault (MeasuredCostTest)
 * @param logOfObject bytes of write-ahead log for each object of the vault in a usual night (MeasuredCostTest)
 * @param writesOfRun requests to the store that are priced as writes, beside one for each copy: lease, manifest (MeasuredCostTest)
 * @param listsOfRun listings of one page of a vault whose copies are of a week, priced as writes (MeasuredCostTest)
 * @param readsOfRun all other requests of a run (MeasuredCostTest)
 * @param bytesOfManifestEntry of one object in a manifest (MeasuredCostTest)
 * @param bytesOfCopy of a small secret (docs/keyvault-facts.md, "What a backup is")
 * @param blobsOfPage that one listing request names at most (Blob Storage: 5,000)
 */
record CostModel(
        double processorOfThousandCopies,
        double processorOfThousandListed,
        double databaseOfThousand,
        double rowsOfRun,
        double bytesOfRun,
        double runsWithObjects,
        double bytesOfObjectRow,
        double changesOfRun,
        double changesOfObject,
        double logOfObject,
        double writesOfRun,
        double listsOfRun,
        double readsOfRun,
        double bytesOfManifestEntry,
        double bytesOfCopy,
        double blobsOfPage) {

    static final CostModel MEASURED =
            new CostModel(3.5, 0.8, 0.5, 23, 7_000, 2, 576, 147, 5.7, 1_835, 8, 22, 6, 527, 5_000, 5_000);

    private static final double PAGE = 25;
    private static final double THOUSAND = 1_000;
    private static final double CALLS_OF_COPY = 2;
    private static final double LISTINGS = 2;

    /** Of one call to the vault. */
    double processorSecondsOfCall(boolean isListing) {
        return isListing
                ? processorOfThousandListed / THOUSAND * PAGE / LISTINGS
                : processorOfThousandCopies / THOUSAND / CALLS_OF_COPY;
    }

    /** As Markdown. */
    String table() {
        return String.format(
                Locale.ROOT,
                """
                | what | figure | where from |
                |---|---|---|
                | processor of a pod, 1,000 objects copied; 1,000 listed | %.2f s; %.2f s | `ProcessorCostTest` |
                | processor of PostgreSQL, 1,000 objects of a full night | %.2f s | estimated |
                | memory of a pod with four vaults at once | 512 MiB (382 at most) | [performance.md](performance.md#four-large-vaults-at-once) |
                | rows of a run in PostgreSQL, objects aside | %.0f, %.1f KB | `MeasuredCostTest` |
                | a row of an object, of %.0f runs of each vault | %.0f bytes | `MeasuredCostTest` |
                | a usual night changes, of a run; of each object | %.0f rows; %.1f rows, %.1f KB of log | `MeasuredCostTest` |
                | requests to the store: a copy; a run beside | 1 write; %.0f writes, %.0f listings, %.0f reads | `MeasuredCostTest` |
                | an object in a manifest; a copy | %.0f bytes; %.0f bytes | `MeasuredCostTest`; [keyvault-facts.md](keyvault-facts.md) |
                """,
                processorOfThousandCopies,
                processorOfThousandListed,
                databaseOfThousand,
                rowsOfRun,
                bytesOfRun / THOUSAND,
                runsWithObjects,
                bytesOfObjectRow,
                changesOfRun,
                changesOfObject,
                logOfObject / THOUSAND,
                writesOfRun,
                listsOfRun,
                readsOfRun,
                bytesOfManifestEntry,
                bytesOfCopy);
    }
}
