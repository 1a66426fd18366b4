package io.keyvaultbackup.verify;

import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.store.BlobVersion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a store has of one copy. The version that the manifest tells of counts, whatever the name shows now: it is what a restore reads. Where
 * the store has no such version, what the name shows counts.
 *
 * @param used what a restore would read; null if there is nothing
 * @param recorded whether that is the version that the manifest tells of, or it tells of none
 * @param shown whether the name shows it
 */
record CopyState(@Nullable BlobVersion used, boolean recorded, boolean shown) {

    /** @param versions of its name, the newest last */
    static CopyState of(Copy copy, List<BlobVersion> versions) {
        @Nullable String wanted = copy.version();
        Optional<BlobVersion> current =
                versions.stream().filter(BlobVersion::current).findFirst();
        Optional<BlobVersion> recorded = wanted == null
                ? current
                : versions.stream()
                        .filter(version -> wanted.equals(version.id()))
                        .findFirst();
        return recorded.map(version -> new CopyState(version, true, version.current()))
                .orElseGet(() -> new CopyState(current.orElse(null), false, current.isPresent()));
    }

    boolean isThere() {
        return used != null;
    }

    /** Of the right size, in place of a version that is not here. */
    boolean isOfAnotherVersion() {
        return used != null && !recorded;
    }

    Optional<IntegrityFinding> finding(Copy copy) {
        if (used == null) {
            return Optional.empty(); // the caller says that it is missing
        }
        if (used.blob().size() != copy.size()) {
            return Optional.of(new IntegrityFinding(
                    IntegrityProblem.COPY_DAMAGED,
                    copy.blob(),
                    "it has " + used.blob().size() + " bytes, and should have " + copy.size()));
        }
        return shown
                ? Optional.empty()
                : Optional.of(new IntegrityFinding(
                        IntegrityProblem.NAME_REPLACED,
                        copy.blob(),
                        "somebody deleted or overwrote it; the version that the manifest tells of is still there, and is what restores use: "
                                + copy.version()));
    }
}
