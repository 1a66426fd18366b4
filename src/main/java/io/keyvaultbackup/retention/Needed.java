package io.keyvaultbackup.retention;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.Tombstones;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the manifests that are there refer to, and which snapshots are sealed, and which forgotten. For one thread. */
final class Needed {

    private final Marks marks = new Marks();
    /** Of the sealed ones the last execution that was; whether that says that all is done, the run may be relaunched or not. */
    private final Map<String, Sealed> sealed = new HashMap<>();

    private record Sealed(int execution, boolean complete) {}

    private final Map<String, Integer> forgotten = new HashMap<>();

    /**
     * Reads all manifests, and those that appear meanwhile.
     *
     * @param going those that a dry run takes for removed
     * @param damage what is wrong with those that could not be read: then nobody knows what they refer to
     * @param disbelieved what is wrong with tombstones that count as none
     */
    static Needed read(
            Parts parts,
            Predicate<StoredManifest> going,
            Consumer<IntegrityFinding> damage,
            Consumer<IntegrityFinding> disbelieved) {
        Needed needed = new Needed();
        ManifestExamination examination = parts.examination(damage);
        Set<String> read = new HashSet<>();
        for (List<StoredManifest> more = unread(parts, read); !more.isEmpty(); more = unread(parts, read)) {
            for (StoredManifest manifest : more) {
                parts.removing().goOn();
                read.add(manifest.name());
                if (going.test(manifest)) {
                    needed.forget(manifest.snapshot().value(), manifest.execution());
                } else {
                    ManifestExamination.Examined examined =
                            examination.examine(parts.vault(), manifest, object -> needed.mark(object.result()));
                    needed.seal(
                            manifest, examined.head() != null && examined.head().complete());
                }
            }
        }
        new Tombstones(parts.store(), parts.patience(), parts.key(), disbelieved)
                .of(parts.vault())
                .values()
                .forEach(tombstone -> needed.forget(tombstone.snapshot().value(), tombstone.execution()));
        return needed;
    }

    private static List<StoredManifest> unread(Parts parts, Set<String> read) {
        return parts.patience().call(() -> Chain.manifests(parts.store(), parts.vault())).stream()
                .filter(manifest -> !read.contains(manifest.name()))
                .toList();
    }

    private void mark(ObjectResult result) {
        ObjectResult.@Nullable Blob blob = result.blob();
        if (blob != null) {
            marks.add(blob.name());
        }
    }

    private void seal(StoredManifest manifest, boolean complete) {
        sealed.merge(
                manifest.snapshot().value(),
                new Sealed(manifest.execution(), complete),
                (one, other) -> one.execution() > other.execution() ? one : other);
    }

    private void forget(String snapshot, int execution) {
        forgotten.merge(snapshot, execution, Math::max);
    }

    boolean refersTo(String blob) {
        return marks.has(blob);
    }

    boolean isSealed(String snapshot) {
        return sealed.containsKey(snapshot);
    }

    /** Whether an execution is a later one of a run that is to be relaunched still: it would be sealed with what it has, and with what a relaunch adds. */
    boolean isUnderWay(String snapshot, int execution) {
        @Nullable Sealed last = sealed.get(snapshot);
        return last != null && !last.complete() && execution > last.execution();
    }

    /** The last execution of a snapshot that had a manifest and has a tombstone, or 0. */
    int forgotten(String snapshot) {
        return forgotten.getOrDefault(snapshot, 0);
    }
}
