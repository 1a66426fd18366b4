package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.ProtectionMode;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a container protects what is put into it as was asked for. It is not asked about that: what tells it (Get Container Properties) needs a
 * right that a backup has no use for, and a SAS for a container cannot have it. The first blob that was put is looked at instead: what it tells is
 * what counts, be it by its own policy or by a default one of the container. Where the service refuses a put that asks for protection, and takes
 * the same one without, the container has none to give, or the identity may not ask for it: everything is put without from then on. Once a blob was
 * seen to be protected, a refusal has another cause, and nothing is put without.
 *
 * <p>{@code x-ms-immutability-policy-until-date} and {@code -mode} come with
 * <a href="https://learn.microsoft.com/rest/api/storageservices/put-blob">Put Blob</a>, which needs {@code blobs/add/action} for a new blob;
 * whether the headers need {@code immutableStorage/runAsSuperUser/action} as Set Blob Immutability Policy does is not documented. Safe for use by
 * many threads.
 */
final class PutProtection {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private final ProtectionMode mode;
    private final AtomicReference<State> state = new AtomicReference<>(State.UNKNOWN);
    private volatile boolean proven;
    private volatile @Nullable String why;

    private enum State {
        UNKNOWN,
        PROVEN,
        /** It is asked for, and less comes of it. */
        LACKING,
        /** It is not even asked for any more. */
        REFUSED
    }

    PutProtection(ProtectionMode mode) {
        this.mode = mode;
    }

    /** What to ask for. */
    Protection possible(Protection asked) {
        return state.get() == State.REFUSED ? Protection.NONE : asked;
    }

    boolean isProofWanted() {
        return state.get() == State.UNKNOWN;
    }

    /** Whether to put without protection what was refused with it: not where it was seen that the service gives it. */
    boolean mayDoWithout(Failure refusal) {
        State now = state.get();
        return (now == State.UNKNOWN || now == State.REFUSED) && mayBeWhyRefused(refusal);
    }

    /** Whether a blob was seen to be protected as was asked for, and none that is not. */
    boolean isProven() {
        return proven && why == null;
    }

    void addTo(BlockBlobSimpleUploadOptions options, Protection asked) {
        if (asked.until() != null) {
            options.setImmutabilityPolicy(new BlobImmutabilityPolicy()
                    .setExpiryTime(asked.until().atOffset(ZoneOffset.UTC))
                    .setPolicyMode(
                            mode == ProtectionMode.LOCKED
                                    ? BlobImmutabilityPolicyMode.LOCKED
                                    : BlobImmutabilityPolicyMode.UNLOCKED));
        }
        if (asked.legalHold()) {
            options.setLegalHold(true);
        }
    }

    /** Whether the same put may go well with nothing asked for. */
    private static boolean mayBeWhyRefused(Failure refusal) {
        return switch (refusal.reason()) {
            case STORE_NOT_AUTHORISED, REFUSED ->
                refusal.status() == BAD_REQUEST || refusal.status() == FORBIDDEN || refusal.status() == CONFLICT;
            default -> false;
        };
    }

    /**
     * Notes what became of a put.
     *
     * @param refusal of the same put with what was asked for, if it was refused
     * @param got what the blob has now; null if that could not be seen
     */
    void note(Protection asked, @Nullable Failure refusal, @Nullable Protection got) {
        if (got != null && isEnough(asked, got)) {
            state.compareAndSet(State.UNKNOWN, refusal == null ? State.PROVEN : State.REFUSED);
            proven = true;
        } else if (refusal != null || got != null) {
            state.compareAndSet(State.UNKNOWN, refusal == null ? State.LACKING : State.REFUSED);
            why = "it was asked for " + words(asked) + ", and the blob has " + (got == null ? "none" : words(got))
                    + (refusal == null ? "" : "; the service says: " + refusal.describe())
                    + advice(refusal);
        }
    }

    private static String advice(@Nullable Failure refusal) {
        return refusal != null && refusal.reason() == FailureReason.STORE_NOT_AUTHORISED
                ? ". Give the container a default retention instead (docs/immutability.md)"
                : ". The container needs versioning and version-level immutability (docs/immutability.md)";
    }

    /** The service keeps whole seconds. */
    private static boolean isEnough(Protection asked, Protection got) {
        @Nullable Instant wanted = asked.until();
        boolean until = wanted == null
                || (got.until() != null && !got.until().isBefore(wanted.truncatedTo(ChronoUnit.SECONDS)));
        return until && (got.legalHold() || !asked.legalHold());
    }

    private static String words(Protection protection) {
        String until = protection.until() == null ? "" : "retention until " + protection.until();
        String hold = protection.legalHold() ? "a legal hold" : "";
        String both = until.isEmpty() || hold.isEmpty() ? until + hold : until + " and " + hold;
        return both.isEmpty() ? "none" : both;
    }

    Optional<String> unprotected() {
        return Optional.ofNullable(why);
    }
}
