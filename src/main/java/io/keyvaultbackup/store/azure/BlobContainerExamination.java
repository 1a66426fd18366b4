package io.keyvaultbackup.store.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobContainerProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a backup does to the container, and what it should not be able to do: adds a small blob ({@code doctor/…}), then tries
 * to overwrite and to delete that one and no other. Where the identity may only add, that blob stays.
 */
final class BlobContainerExamination implements Examination {

    private static final String ROLE = "Key Vault Backup Store Writer (keyvault-backup)";
    private static final String ACTIONS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";

    private final BlobContainerClient container;
    private final String location;
    private final InstantSource clock;

    BlobContainerExamination(BlobContainerClient container, InstantSource clock) {
        this.container = container;
        this.location = new BlobContainerStore(container).location();
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "store " + location;
    }

    @Override
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        ListBlobsOptions few = new ListBlobsOptions().setPrefix("doctor/").setMaxResultsPerPage(1);
        Failure unreachable =
                failureOf(() -> container.listBlobs(few, null).stream().limit(1).forEach(blob -> {}));
        if (unreachable != null) {
            findings.add(Finding.failed("reach", unreachable, mending(unreachable, "read")));
            if (unreachable.reason() != FailureReason.STORE_NOT_AUTHORISED) {
                return findings;
            }
        } else {
            findings.add(Finding.ok("reach", "the container is there, and its blobs can be listed"));
        }
        BlobClient probe =
                container.getBlobClient("doctor/" + clock.instant().getEpochSecond() + "-" + UUID.randomUUID());
        Failure notAdded = failureOf(() -> upload(probe, new BlobRequestConditions().setIfNoneMatch("*")));
        if (notAdded == null) {
            findings.add(Finding.ok("add", "blobs can be added (" + probe.getBlobName() + ")"));
            findings.add(shouldBeRefused("overwrite", failureOf(() -> upload(probe, null))));
            findings.add(shouldBeRefused("delete", failureOf(probe::delete)));
        } else {
            findings.add(Finding.failed("add", notAdded, mending(notAdded, "add/action")));
        }
        findings.add(protection());
        return findings;
    }

    private static void upload(BlobClient blob, @Nullable BlobRequestConditions conditions) {
        blob.uploadWithResponse(
                new BlobParallelUploadOptions(BinaryData.fromString("written by keyvault-backup doctor\n"))
                        .setRequestConditions(conditions),
                null,
                Context.NONE);
    }

    private Finding shouldBeRefused(String what, @Nullable Failure refusal) {
        if (refusal == null) {
            return Finding.warning(
                    what,
                    "this identity may " + what + " blobs, so whoever steals it can destroy the copies",
                    "Give it the role \"" + ROLE
                            + "\" (config/azure/store-role.json), or a SAS token with sp=rcl, instead.");
        }
        return switch (refusal.reason()) {
            case STORE_NOT_AUTHORISED -> Finding.ok(what, "refused, as it should be");
            case STORE_IMMUTABLE, STORE_CONFLICT -> Finding.ok(what, "refused: the blob is protected");
            default -> Finding.failed(what, refusal);
        };
    }

    private Finding protection() {
        BlobContainerProperties properties;
        try {
            properties = container.getProperties();
        } catch (RuntimeException failed) {
            Failure failure = BlobFailures.of(failed).failure();
            return Finding.warning(
                    "protection",
                    "whether the container is protected is not known: " + failure.describe(),
                    "Look with: az storage container show --account-name " + container.getAccountName() + " --name "
                            + container.getBlobContainerName() + " --auth-mode login");
        }
        if (properties.getBlobPublicAccess() != null) {
            return Finding.warning(
                    "protection",
                    "the container lets anybody read (" + properties.getBlobPublicAccess() + ")",
                    "az storage container set-permission --account-name " + container.getAccountName() + " --name "
                            + container.getBlobContainerName() + " --public-access off");
        }
        boolean isProtected = properties.hasImmutabilityPolicy()
                || properties.hasLegalHold()
                || Boolean.TRUE.equals(properties.isImmutableStorageWithVersioningEnabled());
        return isProtected
                ? Finding.ok("protection", "the container has immutability, and no public access")
                : Finding.warning(
                        "protection",
                        "the container has no immutability: who may delete blobs can delete the copies",
                        "Protect the account: versioning, soft delete, and version-level immutability (az storage"
                                + " account blob-service-properties update, az storage container immutability-policy).");
    }

    private String mending(Failure failure, String action) {
        return switch (failure.reason()) {
            case STORE_NOT_AUTHORISED ->
                "Needs " + ACTIONS + action + ". az role assignment create --role \"" + ROLE
                        + "\" --assignee-object-id OBJECT-ID --assignee-principal-type ServicePrincipal --scope"
                        + " \"$(az storage account show --name " + container.getAccountName()
                        + " --query id --output tsv)/blobServices/default/containers/"
                        + container.getBlobContainerName() + "\" (or a SAS token with sp=rcl)";
            case STORE_NOT_FOUND ->
                "az storage container create --account-name " + container.getAccountName() + " --name "
                        + container.getBlobContainerName() + " --auth-mode login";
            default -> failure.reason().advice();
        };
    }

    private static @Nullable Failure failureOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException failed) {
            return BlobFailures.of(failed).failure();
        }
    }
}
