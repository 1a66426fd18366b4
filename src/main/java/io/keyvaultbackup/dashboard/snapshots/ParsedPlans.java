package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.service.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The plans that were shown lately, so that one of many objects is not parsed for each of its pages. One at a time is parsed, as that takes some times its text.
 * Safe for use by many threads.
 */
final class ParsedPlans {

    /** Of text, in characters: a request keeps 8 MiB of it at most. */
    private static final long ROOM = 16L * 1024 * 1024;

    private final Lately<String, Parsed> parsed = new Lately<>(ROOM, Parsed::characters);

    private record Parsed(long characters, Plan plan) {}

    /** What the request came to; null until it has. */
    synchronized @Nullable Plan of(Request request) {
        String result = request.result();
        if (result == null) {
            return null;
        }
        String key = request.id() + " " + result.hashCode(); // what is done again may come to something else
        Optional<Parsed> known = parsed.find(key);
        if (known.isPresent()) {
            return known.get().plan();
        }
        Plan plan = Plan.parse(result);
        parsed.keep(key, new Parsed(1L + result.length(), plan));
        return plan;
    }
}
