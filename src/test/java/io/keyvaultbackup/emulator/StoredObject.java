package io.keyvaultbackup.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of one object at one moment; never changed, only replaced.
 *
 * @param managed whether a certificate owns it
 * @param revision one more with every change
 * @param blobSize the least number of bytes of its backup
 * @param versions in the order of their creation, the latest last
 * @param policy a certificate's policy as JSON, once somebody has set one
 */
record StoredObject(
        Kind kind,
        String name,
        boolean managed,
        long revision,
        int blobSize,
        List<Version> versions,
        @Nullable String policy) {

    /** A 3-byte secret gave about this much. */
    static final int USUAL_BLOB_SIZE = 5_000;

    static StoredObject made(Kind kind, String name, Version version) {
        return new StoredObject(kind, name, false, 1, USUAL_BLOB_SIZE, List.of(version), null);
    }

    Version latest() {
        return versions.getLast();
    }

    List<String> versionIds() {
        return versions.stream().map(Version::id).toList();
    }

    @Nullable
    Version find(String versionId) {
        return versions.stream()
                .filter(version -> version.id().equalsIgnoreCase(versionId))
                .findFirst()
                .orElse(null);
    }

    StoredObject withVersions(List<Version> replacement) {
        return new StoredObject(kind, name, managed, revision, blobSize, List.copyOf(replacement), policy);
    }

    StoredObject with(Version additional) {
        List<Version> more = new ArrayList<>(versions);
        more.add(additional);
        return withVersions(more);
    }

    StoredObject mapLatest(UnaryOperator<Version> change) {
        return mapVersion(latest().id(), change);
    }

    StoredObject mapVersion(String versionId, UnaryOperator<Version> change) {
        return withVersions(versions.stream()
                .map(version -> version.id().equalsIgnoreCase(versionId) ? change.apply(version) : version)
                .toList());
    }

    StoredObject withBlobSize(int bytes) {
        return new StoredObject(kind, name, managed, revision, bytes, versions, policy);
    }

    StoredObject withRevision(long number) {
        return new StoredObject(kind, name, managed, number, blobSize, versions, policy);
    }

    StoredObject withPolicy(@Nullable String json) {
        return new StoredObject(kind, name, managed, revision, blobSize, versions, json);
    }

    /** The key or secret that goes with this certificate: same name, same version ids. */
    StoredObject owned(Kind part) {
        List<Version> parts = versions.stream()
                .map(version -> version.withMaterial(null).withContentType("application/x-pkcs12"))
                .toList();
        return new StoredObject(part, name, true, revision, USUAL_BLOB_SIZE, parts, null);
    }
}
