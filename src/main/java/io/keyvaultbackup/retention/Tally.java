package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.snapshot.RetentionResult.Counts;
import io.keyvaultbackup.store.Protection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what is removed and what is left. Safe for use by many threads. */
final class Tally {

    private static final int INCIDENTS_TOLD = 20;

    private final Set<String> unsealed = new HashSet<>();
    private final List<Incident> incidents = new ArrayList<>();
    private long snapshots;
    private long manifests;
    private long blobs;
    private long bytes;
    private long orphans;
    private long young;
    private long locked;
    private long lockedUntold;
    private long unsealedBlobs;
    private @Nullable Instant lockedUntil;

    synchronized void snapshot() {
        snapshots++;
    }

    synchronized void manifest() {
        manifests++;
    }

    synchronized void removed(Sweep.Unneeded gone) {
        blobs++;
        bytes += gone.blob().size();
        orphans += gone.orphan() ? 1 : 0;
    }

    synchronized void young() {
        young++;
    }

    synchronized void locked(Protection protection) {
        locked++;
        Instant until = protection.until();
        if (until != null && (lockedUntil == null || until.isAfter(lockedUntil))) {
            lockedUntil = until;
        }
    }

    /** Only the refusal told of it, and not until when. */
    synchronized void lockedUntold() {
        locked++;
        lockedUntold++;
    }

    synchronized void unsealed(String snapshot) {
        unsealed.add(snapshot);
        unsealedBlobs++;
    }

    synchronized void failed(Incident incident) {
        if (incidents.size() < INCIDENTS_TOLD) {
            incidents.add(incident);
        }
    }

    /** Whether nothing at all was removed. */
    synchronized boolean isEmpty() {
        return manifests == 0 && blobs == 0;
    }

    synchronized List<Incident> incidents() {
        return List.copyOf(incidents);
    }

    synchronized Counts counts() {
        return new Counts(
                snapshots,
                manifests,
                blobs,
                bytes,
                orphans,
                young,
                locked,
                lockedUntil,
                lockedUntold,
                unsealed.size(),
                unsealedBlobs);
    }
}
