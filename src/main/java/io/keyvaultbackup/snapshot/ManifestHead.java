package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says of the whole, before its objects.
 *
 * @param place where the copies can be restored to
 * @param complete whether every object is done
 * @param consistentAsOf the service's time at which every object was in the state of its copy; null if that cannot be said
 * @param moving what was still moving when the vault was last listed, or the first of it
 * @param movingCount all of it
 * @param chain its place among the manifests of its vault
 * @param immutableUntil until when it was to be protected from removal, with all copies that it refers to; null if it was not to be
 */
public record ManifestHead(
        RunRequest request,
        int execution,
        Instant startedAt,
        Instant sealedAt,
        VaultPlace place,
        boolean complete,
        @Nullable Instant consistentAsOf,
        List<Moving> moving,
        long movingCount,
        ChainLink chain,
        List<Listing> listings,
        Map<Outcome, Long> counts,
        @Nullable Instant immutableUntil) {

    public ManifestHead(
            RunRequest request,
            int execution,
            Instant startedAt,
            Instant sealedAt,
            VaultPlace place,
            boolean complete,
            @Nullable Instant consistentAsOf,
            List<Moving> moving,
            long movingCount,
            ChainLink chain,
            List<Listing> listings,
            Map<Outcome, Long> counts) {
        this(
                request,
                execution,
                startedAt,
                sealedAt,
                place,
                complete,
                consistentAsOf,
                moving,
                movingCount,
                chain,
                listings,
                counts,
                null);
    }

    public ManifestHead promisingNothing() {
        return new ManifestHead(
                request,
                execution,
                startedAt,
                sealedAt,
                place,
                complete,
                consistentAsOf,
                moving,
                movingCount,
                chain,
                listings,
                counts,
                null);
    }
}
