package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides, object by object of a snapshot, what a restore is to do with it. For one thread. */
final class RestorePlanning {

    private final RestoreRequest request;
    private final TargetListing target;
    private final @Nullable String otherWorld;
    private final Set<String> unmatched;

    /** @param otherWorld why nothing can be restored there; null if nothing is known against it */
    RestorePlanning(RestoreRequest request, TargetListing target, @Nullable String otherWorld) {
        this.request = request;
        this.target = target;
        this.otherWorld = otherWorld;
        this.unmatched = new LinkedHashSet<>(request.selection().include());
    }

    /** What is to be done with it; null if it is none of the restore's. */
    @Nullable
    RestoreRow plan(LedgerObject saved) {
        ObjectId id = saved.object().id();
        return switch (saved.result().outcome()) {
            case EXCLUDED, DELETED_DURING_RUN -> null; // the snapshot does not have it
            case COVERED_BY_CERTIFICATE -> covered(saved);
            case BACKED_UP, UNCHANGED -> selects(id) ? ofItsOwn(saved) : null;
            case PENDING, FAILED -> selects(id) ? impossible(saved, noCopy(saved)) : null;
        };
    }

    private boolean selects(ObjectId id) {
        boolean selected = request.selection().selects(id);
        if (selected) {
            unmatched.removeIf(pattern -> Selection.matches(pattern, id));
        }
        return selected;
    }

    /** It comes with its certificate, so it is selected with that, whatever is said of its own kind. */
    private @Nullable RestoreRow covered(LedgerObject saved) {
        ObjectId id = saved.object().id();
        if (selects(new ObjectId(ObjectKind.CERTIFICATE, id.name()))) {
            return otherWorld == null
                    ? RestoreRow.of(saved, RestoreOutcome.WITH_CERTIFICATE, null)
                    : impossible(saved, otherWorld);
        }
        boolean named = request.selection().include().contains(id.toString());
        return named && selects(id)
                ? impossible(saved, "it is part of certificate/" + id.name() + ", and comes back with that alone")
                : null;
    }

    private RestoreRow ofItsOwn(LedgerObject saved) {
        ObjectId id = saved.object().id();
        if (otherWorld != null) {
            return impossible(saved, otherWorld);
        }
        if (target.live(id) != null) {
            return RestoreRow.of(saved, RestoreOutcome.TO_COMPARE, null);
        }
        for (ObjectId part : partsOf(id)) {
            @Nullable VaultObject other = target.live(part);
            if (other != null) {
                return RestoreRow.of(saved, RestoreOutcome.CONFLICT, part + " of the vault has its name");
            }
        }
        for (ObjectId one : Stream.concat(Stream.of(id), partsOf(id).stream()).toList()) {
            @Nullable DeletedObject deleted = target.deleted(one);
            if (deleted != null) {
                return request.recoverDeleted() && one.equals(id)
                        ? RestoreRow.of(saved, RestoreOutcome.TO_RECOVER, null)
                        : RestoreRow.of(saved, RestoreOutcome.SOFT_DELETED, deleted(deleted));
            }
        }
        return saved.result().blob() == null
                ? impossible(saved, "the manifest names no copy of it")
                : RestoreRow.of(saved, RestoreOutcome.PENDING, null);
    }

    /** The other names that a certificate takes. */
    private static List<ObjectId> partsOf(ObjectId id) {
        return id.kind() == ObjectKind.CERTIFICATE
                ? List.of(new ObjectId(ObjectKind.KEY, id.name()), new ObjectId(ObjectKind.SECRET, id.name()))
                : List.of();
    }

    private String deleted(DeletedObject deleted) {
        ObjectId id = deleted.id();
        String where =
                " --vault-name " + request.target().uri().getHost().replaceFirst("\\..*", "") + " --name " + id.name();
        return "a deleted " + id + " has the name"
                + (deleted.deletedAt() == null ? "" : ", deleted at " + deleted.deletedAt())
                + (deleted.purgedAt() == null ? "" : ", kept until " + deleted.purgedAt())
                + ": recover it (--recover-deleted, or az keyvault " + id.kind().word() + " recover" + where
                + "), or purge it for good and restore (az keyvault "
                + id.kind().word() + " purge" + where + ")";
    }

    private static RestoreRow impossible(LedgerObject saved, String why) {
        return RestoreRow.of(saved, RestoreOutcome.IMPOSSIBLE, why);
    }

    private static String noCopy(LedgerObject saved) {
        @Nullable Failure failure = saved.result().failure();
        return "the snapshot has no copy of it: "
                + (failure == null
                        ? "it was not backed up before the snapshot was sealed"
                        : failure.reason().words() + " (" + failure.describe() + ")");
    }

    /** What was asked for by its name, and the snapshot does not have; complete once every object was planned. */
    List<String> notInSnapshot() {
        return List.copyOf(unmatched);
    }
}
