package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Where copies can be restored to: the service takes them in a vault of the same subscription and geography alone. A vault does not tell
 * either, so it is what the configuration says.
 *
 * @param subscription its id, lower case; null if it is not known
 * @param geography such as {@code Europe}; null if it is not known
 */
public record VaultPlace(
        @Nullable String subscription, @Nullable String geography) {

    /** Nothing is known. */
    public static final VaultPlace UNKNOWN = new VaultPlace(null, null);
}
