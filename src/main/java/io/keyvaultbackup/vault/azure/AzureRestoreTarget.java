package io.keyvaultbackup.vault.azure;

import com.azure.core.util.Context;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.secrets.SecretClient;
import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.VaultException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Restores and recovers by the SDK's three clients. The service answers both with attributes, never with a value. */
final class AzureRestoreTarget implements RestoreTarget {

    /** So many times as long as any other answer it may take: as the backup of 500 versions may. */
    private static final int TIMEOUTS = 6;

    private final String host;
    private final SecretClient secrets;
    private final KeyClient keys;
    private final CertificateClient certificates;
    private final AzureDeletedObjects deletedObjects;
    private final Duration responseTimeout;
    private final InstantSource clock;

    AzureRestoreTarget(
            URI uri,
            SecretClient secrets,
            KeyClient keys,
            CertificateClient certificates,
            AzureDeletedObjects deletedObjects,
            Duration responseTimeout,
            InstantSource clock) {
        this.host = uri.getAuthority();
        this.secrets = secrets;
        this.keys = keys;
        this.certificates = certificates;
        this.deletedObjects = deletedObjects;
        this.responseTimeout = responseTimeout;
        this.clock = clock;
    }

    private Context patient() {
        return new Context(AzureVault.RESPONSE_TIMEOUT, responseTimeout.multipliedBy(TIMEOUTS));
    }

    @Override
    public ObjectId restore(ObjectKind kind, byte[] backup) {
        @Nullable String name;
        try {
            name = switch (kind) {
                case SECRET ->
                    secrets.restoreSecretBackupWithResponse(backup, patient())
                            .getValue()
                            .getName();
                case KEY ->
                    keys.restoreKeyBackupWithResponse(backup, patient())
                            .getValue()
                            .getName();
                case CERTIFICATE ->
                    certificates
                            .restoreCertificateBackupWithResponse(backup, patient())
                            .getValue()
                            .getName();
            };
        } catch (RuntimeException failed) {
            RuntimeException understood = AzureFailures.understand(failed, host, clock);
            throw understood instanceof VaultException told
                    ? new VaultException(ofARestore(told.failure()), failed)
                    : understood;
        }
        if (name == null || name.isEmpty()) {
            throw new VaultException(
                    Failure.of(
                            FailureReason.CORRUPT_ANSWER,
                            "the answer to the restore call is not what the service's API describes: it names no object"),
                    null);
        }
        return new ObjectId(kind, name);
    }

    @Override
    public Page<DeletedObject> deleted(ObjectKind kind, @Nullable String next) {
        try {
            return deletedObjects.page(kind, next);
        } catch (RuntimeException failed) {
            throw AzureFailures.understand(failed, host, clock);
        }
    }

    /** The SDK makes the request before it hands out a poller; none is ever asked, since it would make more than anybody paces. */
    @Override
    public void recover(ObjectId deleted) {
        try {
            switch (deleted.kind()) {
                case SECRET -> secrets.beginRecoverDeletedSecret(deleted.name());
                case KEY -> keys.beginRecoverDeletedKey(deleted.name());
                case CERTIFICATE -> certificates.beginRecoverDeletedCertificate(deleted.name());
            }
        } catch (RuntimeException failed) {
            throw AzureFailures.understandChange(failed, host, clock);
        }
    }

    /** What only a restore can meet. Status and words, since the SDK has one exception for 400 and 409. */
    private static Failure ofARestore(Failure failure) {
        if (failure.message().contains("Cannot decrypt backup blob")) { // with which status is not known
            return failure.withReason(FailureReason.OTHER_SECURITY_WORLD);
        }
        return switch (failure.status()) {
            case 400 ->
                failure.message().contains("Backup blob")
                        ? failure.withReason(FailureReason.BACKUP_MALFORMED)
                        : failure;
            case 409 -> failure.withReason(ofAConflict(failure));
            default -> failure;
        };
    }

    private static FailureReason ofAConflict(Failure failure) {
        if (AzureFailures.isInTransition(failure)) {
            return FailureReason.NAME_NOT_YET_FREE;
        }
        return "ObjectIsDeletedButRecoverable".equals(failure.code())
                ? FailureReason.NAME_SOFT_DELETED
                : FailureReason.NAME_IN_USE;
    }
}
