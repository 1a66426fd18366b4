package io.keyvaultbackup.vault;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object that was deleted and is kept, so that its name is taken.
 *
 * @param recoveryLevel how the vault treats what is deleted, in the service's word ({@code Recoverable+Purgeable}), if it told
 * @param purgedAt when the service will purge it by itself, if it told
 */
public record DeletedObject(
        ObjectId id,
        @Nullable String recoveryLevel,
        @Nullable Instant deletedAt,
        @Nullable Instant purgedAt) {}
