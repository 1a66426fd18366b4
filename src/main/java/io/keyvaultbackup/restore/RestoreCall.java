package io.keyvaultbackup.restore;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The restore of one backup, which may take several calls, and what a refusal means after those before it: a name may be refused for some
 * seconds after a purge although nobody has it, or because an earlier call, whose answer was lost, has done the work. For one thread.
 */
final class RestoreCall {

    /** As the service says it (docs/keyvault-facts.md, "Errors"): There was a conflict restoring the secret 'name'. */
    private static final Pattern NAMED =
            Pattern.compile("restoring the (secret|key|certificate) '([0-9A-Za-z-]{1,127})'");

    private final RestoreTarget target;
    private final Vault vault;
    private boolean mayHaveHappened;

    RestoreCall(RestoreTarget target, Vault vault) {
        this.target = target;
        this.vault = vault;
    }

    /** Makes the call, once. */
    ObjectId restore(ObjectKind kind, byte[] backup) {
        try {
            return target.restore(kind, backup);
        } catch (VaultException failed) {
            Failure failure = failed.failure();
            if (failure.reason() == FailureReason.NAME_IN_USE) {
                throw new VaultException(inUse(failure), failed);
            }
            mayHaveHappened |= failure.reason().mayHaveHappened();
            throw failed;
        }
    }

    private Failure inUse(Failure failure) {
        Optional<ObjectId> name = nameIn(failure.message());
        if (name.isPresent() && isNobodys(name.get())) {
            return failure.withReason(FailureReason.NAME_NOT_YET_FREE);
        }
        return mayHaveHappened
                ? failure.withMessage(failure.message()
                        + ". The answer to an earlier try of this restore was lost, so this may be its work: look at the"
                        + " object's versions")
                : failure;
    }

    private static Optional<ObjectId> nameIn(String message) {
        Matcher matcher = NAMED.matcher(message);
        return matcher.find()
                ? Optional.of(new ObjectId(ObjectKind.ofWord(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /** As far as it can be known: who may not look takes the service's word. */
    private boolean isNobodys(ObjectId name) {
        try {
            return vault.versions(name, null).items().isEmpty();
        } catch (FailureException failed) {
            return failed.failure().reason() == FailureReason.NOT_FOUND;
        }
    }
}
