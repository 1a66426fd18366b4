package io.keyvaultbackup.store.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobContainerProperties;
import com.azure.storage.blob.models.BlobRetentionPolicy;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a backup does to the container, and what it should not be able to do: adds a small blob ({@code doctor/…}), then tries
 * to overwrite and to delete that one, its version and its retention, and no other. Where the identity may only add, that blob stays.
 *
 * <p>What the data plane tells of an account's protection:
 * <a href="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory">Get Container Properties needs
 * {@code containers/read}, Get Blob Service Properties {@code blobServices/read} at the account</a>, which a backup has no use for; whether there are
 * versions is seen from the blob that is added. Whether the account's own settings, locks and lifecycle rules could undo all that, only its
 * resource tells.
 */
final class BlobContainerExamination implements Examination {

    private static final String ROLE = "Key Vault Backup Store Writer (keyvault-backup)";
    private static final String PROBE = "written by keyvault-backup doctor\n";
    private static final String HOLD = "keyvault-backup.store.legal-hold";
    private static final Duration PROTECTED_FOR = Duration.ofDays(1);
    private static final String ACTIONS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final String location;
    private final ProtectionProperties wanted;
    private final InstantSource clock;

    BlobContainerExamination(BlobContainerClient container, ProtectionProperties wanted, InstantSource clock) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.wanted = wanted;
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
        BlobContainerStore store = new BlobContainerStore(container, wanted.immutabilityMode());
        AtomicReference<@Nullable String> version = new AtomicReference<>();
        Failure notAdded = failureOf(() -> version.set(store.put(
                        probe.getBlobName(),
                        BlobContent.of(PROBE.getBytes(StandardCharsets.US_ASCII)),
                        Map.of(),
                        asked())
                .version()));
        if (notAdded == null) {
            findings.add(Finding.ok("add", "blobs can be added (" + probe.getBlobName() + ")"));
            findings.addAll(rights(probe, version.get()));
            findings.add(versioning(version.get()));
            if (wanted.isWanted()) {
                findings.add(retention(store));
            }
        } else {
            findings.add(Finding.failed("add", notAdded, mending(notAdded, "add/action")));
        }
        findings.add(softDelete());
        findings.add(protection());
        return findings;
    }

    /** As short as is documented; the probe stays as long. A legal hold would stay for ever. */
    private Protection asked() {
        return wanted.isWanted() ? new Protection(clock.instant().plus(PROTECTED_FOR), false) : Protection.NONE;
    }

    private List<Finding> rights(BlobClient probe, @Nullable String version) {
        // First, as a policy can be deleted, but not that of a blob that is gone. The probe's own ends soon, and need
        // not be there.
        Failure policy = failureOf(probe::deleteImmutabilityPolicy);
        AtomicReference<@Nullable String> second = new AtomicReference<>();
        Failure overwrite = failureOf(() -> second.set(probe.getBlockBlobClient()
                .upload(BinaryData.fromString(PROBE), true)
                .getVersionId()));
        Failure delete = failureOf(probe::delete);
        @Nullable Boolean deleteVersion = deletes(probe, version);
        deletes(probe, second.get());
        List<Finding> findings = new ArrayList<>();
        findings.add(shouldBeRefused("overwrite", overwrite));
        findings.add(shouldBeRefused("delete", delete));
        findings.add(new StolenIdentity(did(overwrite), did(delete), deleteVersion, ends(policy), version != null)
                .finding());
        return findings;
    }

    /** Where a retention is not even known of there is none to end. */
    private static @Nullable Boolean ends(@Nullable Failure refusal) {
        @Nullable Boolean permitted = permitted(refusal);
        if (permitted == null && refusal != null) {
            return refusal.reason() == FailureReason.REFUSED ? Boolean.FALSE : null;
        }
        return permitted;
    }

    private @Nullable Boolean deletes(BlobClient probe, @Nullable String version) {
        return version == null
                ? null
                : permitted(failureOf(() -> probe.getVersionClient(version).delete()));
    }

    /** Whether it came to pass; null where it failed for a reason that tells nothing of rights. */
    private static @Nullable Boolean did(@Nullable Failure refusal) {
        if (refusal == null) {
            return true;
        }
        return switch (refusal.reason()) {
            case STORE_NOT_AUTHORISED, STORE_IMMUTABLE, STORE_CONFLICT -> false;
            default -> null;
        };
    }

    /**
     * Whether the service would have done it. That the version is the current one, or is protected, it says to whoever may delete versions; that the
     * operation is not supported tells nothing.
     */
    private static @Nullable Boolean permitted(@Nullable Failure refusal) {
        if (refusal == null
                || refusal.reason() == FailureReason.STORE_IMMUTABLE
                || BlobContainerRemoval.SHOWN_BY_THE_NAME.equals(refusal.code())
                || "ImmutabilityPolicyDeleteOnLockedPolicy".equals(refusal.code())) {
            return true;
        }
        return refusal.reason() == FailureReason.STORE_NOT_AUTHORISED ? false : null;
    }

    private Finding versioning(@Nullable String version) {
        return version == null
                ? Finding.warning(
                        "versioning",
                        "the account keeps no versions: what is overwritten or deleted is gone",
                        "az storage account blob-service-properties update --account-name " + container.getAccountName()
                                + " --enable-versioning true")
                : Finding.ok(
                        "versioning", "the account keeps versions, and verify, restore and export read those recorded");
    }

    private Finding retention(BlobContainerStore store) {
        String commands = "docs/immutability.md has the commands.";
        if (store.unprotected().isPresent()) {
            return Finding.warning(
                    "retention",
                    "what is backed up will not be protected as configured: "
                            + store.unprotected().get(),
                    commands);
        }
        if (!store.isProtecting()) {
            return Finding.warning(
                    "retention",
                    "whether what is backed up will be protected as configured is not known: the blob that was added with a retention could not be"
                            + " looked at",
                    "Try again; the identity needs " + ACTIONS + "read.");
        }
        String mode = "in mode " + wanted.immutabilityMode().name().toLowerCase(Locale.ROOT);
        if (wanted.legalHold()) {
            return Finding.warning(
                    "retention",
                    "a retention is given (" + mode
                            + "); whether a legal hold is, was not tried, as nobody but who may set policies could end it",
                    "The first backup tells; or leave out " + HOLD + ".");
        }
        return Finding.ok("retention", "what is backed up is protected from removal, " + mode);
    }

    private Finding softDelete() {
        String look = "az storage account blob-service-properties show --account-name " + container.getAccountName()
                + " --query deleteRetentionPolicy";
        try {
            BlobRetentionPolicy policy =
                    container.getServiceClient().getProperties().getDeleteRetentionPolicy();
            return policy != null && policy.isEnabled()
                    ? Finding.ok("soft delete", "what is deleted can be brought back for " + policy.getDays() + " days")
                    : Finding.warning(
                            "soft delete",
                            "what is deleted is gone at once",
                            "az storage account blob-service-properties update --account-name "
                                    + container.getAccountName()
                                    + " --enable-delete-retention true --delete-retention-days 14");
        } catch (RuntimeException failed) {
            return Finding.warning(
                    "soft delete",
                    "whether deleted blobs can be brought back cannot be told with this identity: "
                            + failures.of(failed).failure().describe(),
                    "It needs no right to that. Look as somebody else: " + look);
        }
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
            Failure failure = failures.of(failed).failure();
            return Finding.warning(
                    "protection",
                    "whether the container has version-level immutability, and no public access, cannot be told with this identity: "
                            + failure.describe(),
                    "It needs no right to that. Look as somebody else: az storage container show --account-name "
                            + container.getAccountName() + " --name " + container.getBlobContainerName()
                            + " --auth-mode login");
        }
        List<String> wrong = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (properties.getBlobPublicAccess() != null) {
            wrong.add("lets anybody read (" + properties.getBlobPublicAccess() + ")");
            remedies.add("az storage container set-permission --account-name " + container.getAccountName() + " --name "
                    + container.getBlobContainerName() + " --public-access off");
        }
        if (!properties.hasImmutabilityPolicy()
                && !properties.hasLegalHold()
                && !Boolean.TRUE.equals(properties.isImmutableStorageWithVersioningEnabled())) {
            wrong.add("has no immutability: who may delete blobs can delete the copies");
            remedies.add("Protect the account: versioning, soft delete, and version-level immutability (az storage"
                    + " account blob-service-properties update, az storage container immutability-policy).");
        }
        return wrong.isEmpty()
                ? Finding.ok("protection", "the container has immutability, and no public access")
                : Finding.warning(
                        "protection", "the container " + String.join(", and ", wrong), String.join(" ; ", remedies));
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

    private @Nullable Failure failureOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException failed) {
            return failures.of(failed).failure();
        }
    }
}
