package io.keyvaultbackup.retention;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.BlobVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Until when each blob is needed by the snapshots that promise to be kept, the longest of them. For one thread. */
final class PromisedTimes {

    /** @param version null where the manifest tells of none: what the name shows */
    private record Needed(String name, @Nullable String version) {}

    private final Map<Needed, Instant> times = new HashMap<>();

    private final Set<String> names = new HashSet<>();

    /** Of which nobody knows whether there are any. */
    private final Set<String> perhaps = new HashSet<>();

    /**
     * What there is of it.
     *
     * @param until of each blob that is needed, in the order of the listing, until when it is
     * @param missing the names of what is not there
     */
    record Found(Map<BlobVersion, Instant> until, List<String> missing) {}

    void manifest(StoredManifest manifest, Instant until) {
        need(manifest.name(), manifest.version(), until);
        if (manifest.signature() == null) {
            perhaps.add(manifest.name() + SnapshotNames.SIGNATURE);
        }
        need(manifest.name() + SnapshotNames.SIGNATURE, manifest.signature(), until);
    }

    void copy(ObjectResult.Blob copy, Instant until) {
        need(copy.name(), copy.version(), until);
    }

    private void need(String name, @Nullable String version, Instant until) {
        names.add(name);
        times.merge(new Needed(name, version), until, PromisedTimes::later);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** Whether a snapshot needs something of that name. */
    boolean isOfInterest(BlobVersion blob) {
        return names.contains(blob.name());
    }

    /**
     * Finds it all in a listing; where the recorded version is not there, as in a store that everything was copied to, it is what the name shows.
     *
     * @param listed all versions of all names that are {@linkplain #isOfInterest of interest}
     */
    Found in(List<BlobVersion> listed) {
        Map<Needed, BlobVersion> there = new HashMap<>();
        for (BlobVersion blob : listed) {
            there.put(new Needed(blob.name(), blob.id()), blob);
            if (blob.current()) {
                there.put(new Needed(blob.name(), null), blob);
            }
        }
        Map<BlobVersion, Instant> found = new HashMap<>();
        Set<String> missing = new TreeSet<>();
        times.forEach((needed, until) -> {
            @Nullable BlobVersion exactly = there.get(needed);
            @Nullable BlobVersion blob = exactly == null ? there.get(new Needed(needed.name(), null)) : exactly;
            if (blob != null) {
                found.merge(blob, until, PromisedTimes::later);
            } else if (!perhaps.contains(needed.name())) {
                missing.add(needed.name());
            }
        });
        Map<BlobVersion, Instant> inOrder = new LinkedHashMap<>();
        for (BlobVersion blob : listed) {
            @Nullable Instant until = found.get(blob);
            if (until != null) {
                inOrder.put(blob, until);
            }
        }
        return new Found(inOrder, List.copyOf(missing));
    }

    static boolean endsEarly(BlobVersion blob, Instant needed) {
        @Nullable Instant until = blob.blob().protection().until();
        return until == null || until.isBefore(needed);
    }
}
