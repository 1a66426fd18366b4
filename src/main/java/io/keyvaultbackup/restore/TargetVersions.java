package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions of an object that is in a vault now. Safe for use by many threads. */
final class TargetVersions {

    /** More pages than the service has: whoever answers goes on for ever. */
    private static final int MOST_PAGES = 100;

    private final Vault vault;
    private final Patience patience;

    TargetVersions(Vault vault, Patience patience) {
        this.vault = vault;
        this.patience = patience;
    }

    /**
     * None where there is no such object: the service answers so, and whoever says that it is not found means the same.
     *
     * @throws FailureException if they could not be listed
     */
    List<ObjectVersion> of(ObjectId object) {
        try {
            return listed(object);
        } catch (FailureException failed) {
            if (failed.failure().reason() == FailureReason.NOT_FOUND) {
                return List.of();
            }
            throw failed;
        }
    }

    private List<ObjectVersion> listed(ObjectId object) {
        List<ObjectVersion> versions = new ArrayList<>();
        @Nullable String next = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            @Nullable String from = next;
            Page<ObjectVersion> page = patience.call(() -> vault.versions(object, from));
            versions.addAll(page.items());
            next = page.next();
            if (next == null) {
                return versions;
            }
        }
        throw new VaultException(
                Failure.of(FailureReason.CORRUPT_ANSWER, "the listing of the versions of " + object + " does not end"),
                null);
    }
}
