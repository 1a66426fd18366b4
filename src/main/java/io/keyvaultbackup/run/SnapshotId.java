package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Names a snapshot: {@code 20261124T030000Z-4f2a9c}, the scheduled time and a short hash of vault and scheduled time. Derived from
 * these two alone, so that a pod without a database finds it again; sorts by time as text.
 */
public record SnapshotId(String value) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int HASH_LENGTH = 6;

    /** @param scheduledFor in whole seconds */
    public static SnapshotId of(VaultAddress vault, Instant scheduledFor) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((vault + "\n" + scheduledFor).getBytes(StandardCharsets.UTF_8));
            return new SnapshotId(TIME.format(scheduledFor) + "-"
                    + HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** The scheduled time that the id tells, if this is one. */
    public Optional<Instant> scheduledFor() {
        try {
            return Optional.of(TIME.parse(value.replaceAll("-[0-9a-f]{" + HASH_LENGTH + "}$", ""), Instant::from));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
