package io.keyvaultbackup.vault.azure;

import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.secrets.SecretClient;
import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Lists what was deleted. The SDK has for each item the class of a whole object; the service's listing gives it no value, and only name,
 * recovery level and times are taken. Its clients have a transport of their own: see {@link MemoryBoundHttpClient} for why.
 */
record AzureDeletedObjects(SecretClient secrets, KeyClient keys, CertificateClient certificates) {

    Page<DeletedObject> page(ObjectKind kind, @Nullable String next) {
        return switch (kind) {
            case SECRET ->
                AzureVault.page(
                        secrets.listDeletedSecrets(),
                        next,
                        deleted -> deleted(
                                kind,
                                deleted.getName(),
                                deleted.getProperties().getRecoveryLevel(),
                                deleted.getDeletedOn(),
                                deleted.getScheduledPurgeDate()));
            case KEY ->
                AzureVault.page(
                        keys.listDeletedKeys(),
                        next,
                        deleted -> deleted(
                                kind,
                                deleted.getName(),
                                deleted.getProperties().getRecoveryLevel(),
                                deleted.getDeletedOn(),
                                deleted.getScheduledPurgeDate()));
            case CERTIFICATE ->
                AzureVault.page(
                        certificates.listDeletedCertificates(),
                        next,
                        deleted -> deleted(
                                kind,
                                deleted.getName(),
                                deleted.getProperties().getRecoveryLevel(),
                                deleted.getDeletedOn(),
                                deleted.getScheduledPurgeDate()));
        };
    }

    private static DeletedObject deleted(
            ObjectKind kind,
            String name,
            @Nullable String recoveryLevel,
            @Nullable OffsetDateTime deletedOn,
            @Nullable OffsetDateTime scheduledPurge) {
        return new DeletedObject(
                new ObjectId(kind, name),
                recoveryLevel,
                AzureVault.instant(deletedOn),
                AzureVault.instant(scheduledPurge));
    }
}
