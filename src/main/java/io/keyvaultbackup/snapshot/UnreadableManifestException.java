package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import org.jspecify.annotations.Nullable;

/** What has a manifest's name is none, or none that this version can read. */
public final class UnreadableManifestException extends FailureException {

    private static final long serialVersionUID = 1L;

    UnreadableManifestException(String why, @Nullable Throwable cause) {
        super(Failure.of(FailureReason.MANIFEST_UNREADABLE, "the manifest can not be read: " + why), cause);
    }
}
