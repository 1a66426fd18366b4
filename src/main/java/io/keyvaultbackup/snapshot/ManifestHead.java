package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a manifest says of the whole, before its objects.
 *
 * @param complete whether every object is done
 * @param chain its place among the manifests of its vault
 */
public record ManifestHead(
        RunRequest request,
        int execution,
        Instant startedAt,
        Instant sealedAt,
        boolean complete,
        ChainLink chain,
        List<Listing> listings,
        Map<Outcome, Long> counts) {}
