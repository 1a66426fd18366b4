package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object.
 *
 * @param keyType of keys and certificates
 * @param material a secret's value, an imported key's public part as JSON, an imported certificate as Base64; null: made from the id
 */
record Version(
        String id,
        Instant created,
        Instant updated,
        boolean enabled,
        @Nullable Instant expires,
        @Nullable Instant notBefore,
        Map<String, String> tags,
        @Nullable String contentType,
        @Nullable KeyType keyType,
        @Nullable String material) {

    static Version made(Instant created, @Nullable KeyType keyType, @Nullable String material) {
        return new Version(newId(), created, created, true, null, null, Map.of(), null, keyType, material);
    }

    /** The same content as a new version. */
    Version renewed(Instant now) {
        return new Version(newId(), now, now, enabled, expires, notBefore, tags, contentType, keyType, material);
    }

    Version createdAt(Instant instant) {
        return new Version(id, instant, instant, enabled, expires, notBefore, tags, contentType, keyType, material);
    }

    Version updatedAt(Instant instant) {
        return new Version(id, created, instant, enabled, expires, notBefore, tags, contentType, keyType, material);
    }

    Version withEnabled(boolean value) {
        return new Version(id, created, updated, value, expires, notBefore, tags, contentType, keyType, material);
    }

    Version withExpires(@Nullable Instant value) {
        return new Version(id, created, updated, enabled, value, notBefore, tags, contentType, keyType, material);
    }

    Version withNotBefore(@Nullable Instant value) {
        return new Version(id, created, updated, enabled, expires, value, tags, contentType, keyType, material);
    }

    Version withTags(Map<String, String> value) {
        return new Version(
                id, created, updated, enabled, expires, notBefore, Map.copyOf(value), contentType, keyType, material);
    }

    Version withContentType(@Nullable String value) {
        return new Version(id, created, updated, enabled, expires, notBefore, tags, value, keyType, material);
    }

    Version withKeyType(KeyType value) {
        return new Version(id, created, updated, enabled, expires, notBefore, tags, contentType, value, material);
    }

    Version withMaterial(@Nullable String value) {
        return new Version(id, created, updated, enabled, expires, notBefore, tags, contentType, keyType, value);
    }

    /** 32 hexadecimal digits; they need not be secret, so the fast generator does. */
    private static String newId() {
        var random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
