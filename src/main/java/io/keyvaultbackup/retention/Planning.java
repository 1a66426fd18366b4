package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.ManifestReader;
import io.keyvaultbackup.snapshot.RetentionResult.Fate;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.Tombstones;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.store.StoredBlob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the manifests of a vault and decides what becomes of them. The policy decides, for the snapshots of each selection (kinds and filters) by
 * themselves; beside it, what can not be read, what is locked and the end
 * of the chain are kept, the last so that no number is given out twice. Where a public key is configured, what is not signed counts as what can
 * not be read: a snapshot that somebody made up could otherwise push out the others. For one thread.
 */
final class Planning {

    private final Parts parts;
    private final Function<SnapshotId, Labels> labels;
    private final List<IntegrityFinding> damage = new ArrayList<>();
    private final Map<SnapshotId, List<String>> reasons = new HashMap<>();
    private final Map<SnapshotId, Labels> seenLabels = new HashMap<>();
    /** By what they are snapshots of: one of all keys is no newer one of a snapshot of all secrets. */
    private final Map<String, List<Candidate>> candidates = new TreeMap<>();

    private @Nullable SnapshotId endOfChain;
    private long highest;

    Planning(Parts parts, Function<SnapshotId, Labels> labels) {
        this.parts = parts;
        this.labels = labels;
    }

    Plan plan(KeepPolicy policy) {
        Map<SnapshotId, List<StoredManifest>> snapshots = snapshots();
        Locks locks = Locks.of(parts);
        snapshots.forEach((snapshot, manifests) -> {
            look(snapshot, manifests);
            locks.reason(manifests).ifPresent(locked -> keep(snapshot, locked));
        });
        for (List<Candidate> ofOneSelection : candidates.values()) {
            for (Verdict verdict : Keeping.decide(ofOneSelection, policy, parts.now())) {
                verdict.reasons().forEach(reason -> keep(verdict.candidate().snapshot(), reason));
            }
        }
        if (endOfChain != null) {
            keep(endOfChain, "end of the chain");
        }
        List<Plan.Going> going = new ArrayList<>();
        snapshots.forEach((snapshot, manifests) -> {
            if (!reasons.containsKey(snapshot)) {
                going.add(new Plan.Going(snapshot, manifests));
            }
        });
        return new Plan(fates(snapshots.keySet()), going, leftovers(snapshots, locks), damage);
    }

    /** By id, which is by time; each by execution. */
    private Map<SnapshotId, List<StoredManifest>> snapshots() {
        Map<SnapshotId, List<StoredManifest>> snapshots = new TreeMap<>(Comparator.comparing(SnapshotId::value));
        for (StoredManifest manifest : parts.patience().call(() -> Chain.manifests(parts.store(), parts.vault()))) {
            snapshots
                    .computeIfAbsent(manifest.snapshot(), id -> new ArrayList<>())
                    .add(manifest);
        }
        snapshots.values().forEach(manifests -> manifests.sort(Comparator.comparingInt(StoredManifest::execution)));
        return snapshots;
    }

    private void look(SnapshotId snapshot, List<StoredManifest> manifests) {
        @Nullable ManifestHead counts = null;
        boolean readable = true;
        for (StoredManifest manifest : manifests) {
            parts.removing().goOn();
            counts = head(manifest);
            readable &= counts != null;
            long number = Math.max(
                    manifest.chain(), counts == null ? 0 : counts.chain().number());
            if (number > highest) {
                highest = number;
                endOfChain = snapshot;
            }
        }
        Labels noted = labels.apply(snapshot);
        seenLabels.put(snapshot, noted);
        if (counts == null || !readable) {
            keep(snapshot, "can not be read");
        } else {
            candidates
                    .computeIfAbsent(counts.request().selection().canonical(), selection -> new ArrayList<>())
                    .add(new Candidate(snapshot, counts.request().scheduledFor(), counts.complete(), noted));
        }
    }

    /** What it says, or null if it can not be read, or is not what its name says, or not signed as it should be. */
    private @Nullable ManifestHead head(StoredManifest manifest) {
        if (parts.key().key() != null) {
            int before = damage.size();
            var examined = parts.examination(damage::add).examine(parts.vault(), manifest, object -> {});
            return damage.size() == before ? examined.head() : null;
        }
        try {
            ManifestHead head = parts.patience().call(() -> ManifestReader.head(parts.store(), manifest));
            boolean inItsPlace = new SnapshotNames(
                            head.request().vault().storeName(),
                            head.request().snapshot().value())
                    .manifest(head.execution())
                    .equals(manifest.name());
            if (inItsPlace) {
                return head;
            }
            damage.add(new IntegrityFinding(
                    IntegrityProblem.MANIFEST_MISPLACED,
                    manifest.name(),
                    "it is the manifest of snapshot " + head.request().snapshot() + ", execution " + head.execution()
                            + ", of " + head.request().vault()));
        } catch (UnreadableManifestException unreadable) {
            damage.add(new IntegrityFinding(
                    IntegrityProblem.MANIFEST_DAMAGED,
                    manifest.name(),
                    unreadable.failure().message()));
        }
        return null;
    }

    private void keep(SnapshotId snapshot, String reason) {
        List<String> all = reasons.computeIfAbsent(snapshot, id -> new ArrayList<>());
        if (!all.contains(reason)) {
            all.add(reason);
        }
    }

    private List<Fate> fates(Set<SnapshotId> snapshots) {
        Map<SnapshotId, Boolean> complete = candidates.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toMap(Candidate::snapshot, Candidate::complete));
        Map<String, Fate> newestLast = new LinkedHashMap<>();
        for (SnapshotId snapshot : snapshots) {
            newestLast.put(
                    snapshot.value(),
                    new Fate(
                            snapshot,
                            complete.get(snapshot),
                            seenLabels.getOrDefault(snapshot, Labels.NONE),
                            reasons.getOrDefault(snapshot, List.of())));
        }
        return new ArrayList<>(newestLast.values()).reversed();
    }

    /** Of a manifest that is not there any more, and whose tombstone is. */
    private List<StoredBlob> leftovers(Map<SnapshotId, List<StoredManifest>> snapshots, Locks locks) {
        Set<String> there = new HashSet<>();
        snapshots.values().forEach(manifests -> manifests.forEach(manifest -> there.add(manifest.name())));
        List<StoredBlob> suspects = locks.blobs().stream()
                .filter(blob -> !there.contains(manifestOf(blob)))
                .filter(blob -> SnapshotNames.isManifest(manifestOf(blob)))
                .filter(blob -> !blob.protection().isInForce(parts.now()))
                .toList();
        if (suspects.isEmpty()) {
            return List.of();
        }
        Set<String> removed = new Tombstones(parts.store(), parts.patience(), parts.key(), ignored -> {})
                .of(parts.vault())
                .keySet();
        return suspects.stream()
                .filter(blob -> removed.contains(manifestOf(blob)))
                .toList();
    }

    private static String manifestOf(StoredBlob blob) {
        String name = blob.name();
        return name.endsWith(SnapshotNames.SIGNATURE)
                ? name.substring(0, name.length() - SnapshotNames.SIGNATURE.length())
                : name;
    }
}
