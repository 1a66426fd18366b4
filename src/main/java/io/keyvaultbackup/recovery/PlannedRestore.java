package io.keyvaultbackup.recovery;

import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do with an object.
 *
 * @param why not restore it, for people; null where it would
 */
public record PlannedRestore(
        ObjectId id, RestoreOutcome outcome, @Nullable String why) {}
