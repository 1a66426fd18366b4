package io.keyvaultbackup.vault;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One version of an object, as its listing shows it: metadata only. */
public record ObjectVersion(
        String id,
        boolean enabled,
        @Nullable Instant created,
        @Nullable Instant expires) {}
