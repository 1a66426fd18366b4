package io.keyvaultbackup.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the listing tells of an object's state, never its value. Compared for inequality, never for order: a purge and a restore
 * may move {@code updated} back. The service's times have a resolution of one second.
 *
 * @param contentType of a secret that has one
 */
public record ChangeToken(
        @Nullable Instant created,
        @Nullable Instant updated,
        boolean enabled,
        @Nullable Instant notBefore,
        @Nullable Instant expires,
        Map<String, String> tags,
        @Nullable String contentType) {

    /** The service takes 255 characters: what it keeps is never cut. */
    private static final int LONGEST_CONTENT_TYPE = 1_000;

    public ChangeToken {
        tags = Map.copyOf(tags);
        contentType = contentType == null ? null : ForeignText.bounded(contentType, LONGEST_CONTENT_TYPE);
    }

    /** The SHA-256, in hexadecimal, of a canonical text of all that the token holds: equal tokens have equal ones. */
    public String sha256() {
        StringBuilder canonical = new StringBuilder()
                .append(created)
                .append('\n')
                .append(updated)
                .append('\n')
                .append(enabled)
                .append('\n')
                .append(notBefore)
                .append('\n')
                .append(expires)
                .append('\n');
        new TreeMap<>(tags)
                .forEach((name, value) -> canonical
                        .append(name.length())
                        .append(':')
                        .append(name)
                        .append(value.length())
                        .append(':')
                        .append(value));
        if (contentType != null) { // without one the text is that of versions that knew none: their blobs have its hash
            canonical.append('\n').append(contentType); // a tag begins with a digit
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
