package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobStorageException;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import java.util.function.Supplier;

/** The container of the leases, which is made if it is missing and that is allowed. Safe for use by many threads. */
final class LeaseContainer {

    private static final String ROLE = "Key Vault Backup Lease Holder (keyvault-backup)";

    private final BlobContainerClient container;
    private final BlobFailures failures;

    LeaseContainer(BlobContainerClient container) {
        this.container = container;
        this.failures = new BlobFailures(container);
    }

    LeaseBlob blob(String vault) {
        return new LeaseBlob(this, container.getBlobClient(vault));
    }

    String location() {
        return new BlobContainerStore(container).location();
    }

    /** @param missing what the service said, which is about the container or only about a blob */
    void createIfMissing(BlobStorageException missing) {
        if (ServiceAnswer.of(missing.getResponse(), missing.getMessage()).isBlobMissing()) {
            return;
        }
        try {
            container.createIfNotExists();
        } catch (BlobStorageException refused) {
            int status = refused.getStatusCode();
            if (status != 401 && status != 403) {
                throw refused;
            }
            missing.addSuppressed(refused);
            throw missing;
        }
    }

    void doing(Runnable call) {
        calling(() -> {
            call.run();
            return call;
        });
    }

    <T> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreException known) {
            throw known;
        } catch (RuntimeException failed) {
            throw understand(failed);
        }
    }

    /** What is missing is said with what mends it, since an operator may not know that there is this container at all. */
    StoreException understand(RuntimeException failed) {
        StoreException known = failures.of(failed);
        Failure failure = known.failure();
        return switch (failure.reason()) {
            case STORE_NOT_FOUND ->
                told(
                        failure,
                        "the leases' container " + location()
                                + " does not exist and could not be created. Create it: az storage container create"
                                + " --account-name " + account() + " --name " + container.getBlobContainerName()
                                + " --auth-mode login",
                        known);
            case STORE_NOT_AUTHORISED ->
                told(
                        failure,
                        "leases can not be kept in container " + location() + ", which needs blobs/read and blobs/write"
                                + " there (a SAS token: sp=rcw). az role assignment create --role \"" + ROLE
                                + "\" --assignee-object-id OBJECT-ID --assignee-principal-type ServicePrincipal --scope"
                                + " \"$(az storage account show --name " + account()
                                + " --query id --output tsv)/blobServices/default/containers/"
                                + container.getBlobContainerName() + "\"",
                        known);
            default -> known;
        };
    }

    private String account() {
        return container.getAccountName();
    }

    private static StoreException told(Failure failure, String sentence, StoreException cause) {
        return new StoreException(
                new Failure(
                        failure.reason(),
                        failure.status(),
                        failure.code(),
                        sentence + ". The service said: " + failure.message(),
                        failure.requestId(),
                        failure.retryAfter()),
                cause);
    }
}
