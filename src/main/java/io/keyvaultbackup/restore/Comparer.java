package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares objects of a snapshot with those of a vault, before a restore and after it. Safe for use by many threads. */
final class Comparer {

    private static final int TOLD = 3;

    private final TargetListing listing;
    private final TargetVersions versions;

    Comparer(TargetListing listing, TargetVersions versions) {
        this.listing = listing;
        this.versions = versions;
    }

    /** The row, with what is not as in the snapshot, or why that could not be found out. */
    RestoreRow compare(RestoreRow row) {
        @Nullable VaultObject there = listing.live(row.id());
        try {
            return row.compared(Comparison.of(row, there, there == null ? null : versionsOf(row)));
        } catch (FailureException failed) {
            return row.failed(row.outcome(), failed.failure());
        }
    }

    /** The versions of a certificate's key and secret are the certificate's. */
    private @Nullable List<ObjectVersion> versionsOf(RestoreRow row) {
        if (row.versions() == null || row.object().managed()) {
            return null;
        }
        return versions.of(row.id()); // none if it went after it was listed
    }

    /**
     * What is to become of an object whose name is taken.
     *
     * @param earlier what earlier executions of this restore knew of each object
     */
    RestoreRow judge(RestoreRow row, Map<ObjectId, RestoreOutcome> earlier) {
        RestoreRow compared = compare(row);
        if (compared.failure() != null) {
            return row.failed(RestoreOutcome.FAILED, compared.failure());
        }
        RestoreOutcome before = earlier.getOrDefault(row.id(), RestoreOutcome.ALREADY_THERE);
        boolean ownWork = switch (before) {
            case RESTORED, RECOVERED, TO_RECOVER -> true;
            default -> false;
        };
        if (!compared.deviations().isEmpty() && !ownWork) { // the proof tells of what this restore brought
            return row.with(
                    RestoreOutcome.CONFLICT,
                    "there is another one in the vault: "
                            + compared.deviations().stream()
                                    .limit(TOLD)
                                    .map(Object::toString)
                                    .collect(Collectors.joining("; ")));
        }
        return row.with(
                switch (before) {
                    case PENDING, RESTORED, FAILED -> RestoreOutcome.RESTORED;
                    case TO_RECOVER, RECOVERED -> RestoreOutcome.RECOVERED;
                    default -> RestoreOutcome.ALREADY_THERE;
                },
                null);
    }
}
