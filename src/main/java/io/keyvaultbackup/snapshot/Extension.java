package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.Incident;
import java.util.List;

/**
 * What protecting a vault's snapshots came to.
 *
 * @param vault its folder in the store
 * @param snapshots how many were to be protected and still are
 * @param blobs how many copies, manifests and signatures they need
 * @param endingEarly of how many of those the protection ended too early
 * @param extended of how many it was prolonged
 * @param incidents what was not done
 */
public record Extension(
        String vault, int snapshots, long blobs, long endingEarly, long extended, List<Incident> incidents) {

    public Extension {
        incidents = List.copyOf(incidents);
    }
}
