package io.keyvaultbackup.testservices;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The versions of all blobs of one container, as <a href="https://learn.microsoft.com/azure/storage/blobs/versioning-overview">documented</a>. */
final class KeptVersions {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int TICK_NANOS = 100;

    private final InstantSource clock;
    private final Map<String, List<Version>> versions = new TreeMap<>();
    private Instant latest = Instant.EPOCH;

    KeptVersions(InstantSource clock) {
        this.clock = clock;
    }

    /** One version: its bytes and metadata never change, its protection may. */
    static final class Version {
        final String name;
        final @Nullable String id;
        final byte[] bytes;
        final Map<String, String> headers;
        final Instant written;
        boolean current = true;
        boolean deleted;

        @Nullable
        Instant until;

        @Nullable
        String mode;

        boolean legalHold;

        Version(String name, @Nullable String id, byte[] bytes, Map<String, String> headers, Instant written) {
            this.name = name;
            this.id = id;
            this.bytes = bytes;
            this.headers = headers;
            this.written = written;
        }

        boolean isRetained(Instant now) {
            return until != null && now.isBefore(until);
        }

        boolean isLocked() {
            return "Locked".equalsIgnoreCase(mode);
        }
    }

    /** "The value of the version ID is the timestamp at which the blob was updated", and unique. */
    private String nextId() {
        Instant now = clock.instant();
        latest = now.isAfter(latest) ? now : latest.plusNanos(TICK_NANOS);
        return ID.format(latest);
    }

    /** "If the write operation modifies an existing blob, then the current version becomes a previous version." */
    Version write(String name, byte[] bytes, Map<String, String> headers, boolean versioning) {
        List<Version> all = versions.computeIfAbsent(name, none -> new ArrayList<>());
        if (versioning) {
            all.forEach(version -> version.current = false);
        } else { // "All subsequent updates to the blob will overwrite its data without saving the previous state."
            all.removeIf(version -> version.current && version.id == null);
            all.forEach(version -> version.current = false);
        }
        Version written = new Version(name, versioning ? nextId() : null, bytes, headers, clock.instant());
        all.add(written);
        return written;
    }

    /** "When you delete a blob, the current version of the blob becomes a previous version, and there is no longer a current version." */
    void deleteCurrent(String name) {
        current(name).ifPresent(version -> {
            version.current = false;
            if (version.id == null) {
                versions.getOrDefault(name, List.of()).remove(version);
            }
        });
    }

    /** With soft delete "the soft-deleted version is preserved until the soft delete retention period elapses". */
    void delete(Version version, boolean softly) {
        if (softly) {
            version.deleted = true;
        } else {
            versions.getOrDefault(version.name, List.of()).remove(version);
        }
    }

    Optional<Version> current(String name) {
        return live(name).stream().filter(version -> version.current).findFirst();
    }

    Optional<Version> find(String name, String id) {
        return live(name).stream().filter(version -> id.equals(version.id)).findFirst();
    }

    /** Of a name, the oldest first. */
    List<Version> live(String name) {
        return versions.getOrDefault(name, List.of()).stream()
                .filter(version -> !version.deleted)
                .toList();
    }

    /** Of all names that start so, by name and then by age. */
    List<Version> startingWith(String prefix) {
        return versions.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .flatMap(name -> live(name).stream())
                .toList();
    }
}
