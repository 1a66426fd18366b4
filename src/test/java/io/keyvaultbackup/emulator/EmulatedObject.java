package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The truth about an object in a vault; the attributes are the latest version's.
 *
 * @param kind {@code secret}, {@code key} or {@code certificate}
 * @param versions ids, in the order of their creation
 * @param contentType of a secret that has one
 */
public record EmulatedObject(
        String kind,
        String name,
        boolean managed,
        long revision,
        List<String> versions,
        boolean enabled,
        Instant created,
        Instant updated,
        @Nullable Instant expires,
        @Nullable Instant notBefore,
        Map<String, String> tags,
        @Nullable String contentType) {

    static EmulatedObject of(StoredObject object) {
        Version latest = object.latest();
        return new EmulatedObject(
                object.kind().word(),
                object.name(),
                object.managed(),
                object.revision(),
                object.versionIds(),
                latest.enabled(),
                latest.created(),
                latest.updated(),
                latest.expires(),
                latest.notBefore(),
                latest.tags(),
                object.kind() == Kind.SECRET ? latest.contentType() : null);
    }
}
