package io.keyvaultbackup.vault;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing, which may be empty and yet not the last.
 *
 * @param next what to ask for the next page with, or null after the last one
 * @param readAt the service's {@code Date} of this page, or null if it sent none
 */
public record Page<T>(
        List<T> items, @Nullable String next, @Nullable Instant readAt) {

    public Page {
        items = List.copyOf(items);
    }
}
