package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Shapes an object that was just seeded, as if it had always been so. What is set here is set for the latest version.
 *
 * @param <S> the seed itself
 */
public abstract sealed class ObjectSeed<S extends ObjectSeed<S>> permits SecretSeed, KeySeed, CertificateSeed {

    private final ObjectStore store;
    private final Kind kind;
    private final String name;

    ObjectSeed(ObjectStore store, Kind kind, String name) {
        this.store = store;
        this.kind = kind;
        this.name = name;
    }

    abstract S self();

    /** So many versions in all, each a second older than the next. */
    public S versions(int number) {
        return shape(object -> {
            Version latest = object.latest();
            List<Version> versions = new ArrayList<>();
            for (int age = number - 1; age > 0; age--) {
                versions.add(latest.renewed(latest.created().minusSeconds(age)));
            }
            versions.add(latest);
            return object.withVersions(versions);
        });
    }

    public S disabled() {
        return latest(version -> version.withEnabled(false));
    }

    public S expires(Instant instant) {
        return latest(version -> version.withExpires(instant));
    }

    public S notBefore(Instant instant) {
        return latest(version -> version.withNotBefore(instant));
    }

    /** When the latest version was made and changed; without this, an hour ago. */
    public S created(Instant instant) {
        return latest(version -> version.createdAt(instant));
    }

    public S tag(String key, String value) {
        return latest(version -> {
            Map<String, String> tags = new HashMap<>(version.tags());
            tags.put(key, value);
            return version.withTags(tags);
        });
    }

    /** The least number of bytes of the object's backup blob. */
    public S blobSize(int bytes) {
        return shape(object -> object.withBlobSize(bytes));
    }

    /** The ids of its versions, in the order of their creation. */
    public List<String> versionIds() {
        return store.get(kind, name).versionIds();
    }

    final S latest(UnaryOperator<Version> change) {
        return shape(object -> object.mapLatest(change));
    }

    final S each(UnaryOperator<Version> change) {
        return shape(object ->
                object.withVersions(object.versions().stream().map(change).toList()));
    }

    private S shape(UnaryOperator<StoredObject> change) {
        store.seed(change.apply(store.get(kind, name)));
        return self();
    }
}
