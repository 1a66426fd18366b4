package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The restore of one backup, which may take several calls, and what a refusal means after those before it: a name may be refused for some
 * seconds after a purge although nobody has it, or because an earlier call, whose answer was lost, has done the work. For one thread.
 */
final class RestoreCall {

    /** As the service says it (docs/keyvault-facts.md, "Errors"): There was a conflict restoring the secret 'name'. */
    private static final Pattern NAMED = Pattern.compile("restoring the [a-z]+ '([0-9A-Za-z-]{1,127})'");

    private final RestoreTarget target;
    private final Vault vault;
    private final Patience patience;
    private boolean answerLost;

    RestoreCall(RestoreTarget target, Vault vault, Patience patience) {
        this.target = target;
        this.vault = vault;
        this.patience = patience;
    }

    /** @throws FailureException of the last call; its reason is PERHAPS_RESTORED where an earlier one may have done it */
    ObjectId restore(ObjectKind kind, byte[] backup) {
        try {
            return attempt(kind, backup);
        } catch (FailureException failed) {
            throw answerLost ? new VaultException(perhaps(failed.failure()), failed) : failed;
        }
    }

    /** The same, for who can see what is there then. @throws FailureException of the last call, whatever became of those before */
    ObjectId attempt(ObjectKind kind, byte[] backup) {
        return patience.call(() -> once(kind, backup));
    }

    /** Whether a call may have done it and its answer did not come. */
    boolean answerLost() {
        return answerLost;
    }

    private ObjectId once(ObjectKind kind, byte[] backup) {
        Failure failure;
        try {
            return target.restore(kind, backup);
        } catch (VaultException failed) {
            failure = failed.failure();
            answerLost |= failure.mayHaveHappened();
            if (failure.reason() != FailureReason.NAME_IN_USE || !isNobodys(kind, failure.message())) {
                throw failed;
            }
        }
        throw new VaultException(failure.withReason(FailureReason.NAME_NOT_YET_FREE), null);
    }

    private static Failure perhaps(Failure last) {
        return last.withReason(FailureReason.PERHAPS_RESTORED)
                .withMessage(last.message() + ". The answer to a try of this restore was lost");
    }

    /** Whether no object has the name that was refused. A certificate's is also that of its key and its secret. */
    private boolean isNobodys(ObjectKind kind, String refusal) {
        Matcher matcher = NAMED.matcher(refusal);
        if (!matcher.find()) {
            return false;
        }
        List<ObjectKind> kinds = kind == ObjectKind.CERTIFICATE ? List.of(ObjectKind.values()) : List.of(kind);
        return kinds.stream().allMatch(one -> hasNoVersion(new ObjectId(one, matcher.group(1))));
    }

    /** Who may not look takes the service's word; what may pass is thrown, so that all of it is tried again. */
    private boolean hasNoVersion(ObjectId name) {
        try {
            Page<ObjectVersion> page = vault.versions(name, null);
            return page.items().isEmpty() && page.next() == null;
        } catch (VaultException failed) {
            if (failed.failure().reason().mayPass()) {
                throw failed;
            }
            return failed.failure().reason() == FailureReason.NOT_FOUND;
        }
    }
}
