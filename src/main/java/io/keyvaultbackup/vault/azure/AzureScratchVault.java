package io.keyvaultbackup.vault.azure;

import com.azure.core.util.Context;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.secrets.SecretClient;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ScratchVault;
import java.net.URI;
import java.time.InstantSource;

/**
 * Deletes and purges by the SDK's three clients. Whatever the SDK begins, it does with one request before it hands out a poller; no poller is
 * ever asked, since it would make more requests than anybody paces. The service answers with attributes, never with a value.
 */
final class AzureScratchVault implements ScratchVault {

    private final String host;
    private final SecretClient secrets;
    private final KeyClient keys;
    private final CertificateClient certificates;
    private final InstantSource clock;

    AzureScratchVault(
            URI uri, SecretClient secrets, KeyClient keys, CertificateClient certificates, InstantSource clock) {
        this.host = uri.getAuthority();
        this.secrets = secrets;
        this.keys = keys;
        this.certificates = certificates;
        this.clock = clock;
    }

    @Override
    public void delete(ObjectId id) {
        try {
            switch (id.kind()) {
                case SECRET -> secrets.beginDeleteSecret(id.name());
                case KEY -> keys.beginDeleteKey(id.name());
                case CERTIFICATE -> certificates.beginDeleteCertificate(id.name());
            }
        } catch (RuntimeException failed) {
            throw AzureFailures.understandChange(failed, host, clock);
        }
    }

    @Override
    public void purge(ObjectId deleted) {
        try {
            switch (deleted.kind()) {
                case SECRET -> secrets.purgeDeletedSecretWithResponse(deleted.name(), Context.NONE);
                case KEY -> keys.purgeDeletedKeyWithResponse(deleted.name(), Context.NONE);
                case CERTIFICATE -> certificates.purgeDeletedCertificateWithResponse(deleted.name(), Context.NONE);
            }
        } catch (RuntimeException failed) {
            throw AzureFailures.understandChange(failed, host, clock);
        }
    }
}
