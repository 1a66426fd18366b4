package io.keyvaultbackup.emulator;

/** Shapes a seeded secret. */
public final class SecretSeed extends ObjectSeed<SecretSeed> {

    SecretSeed(ObjectStore store, String name) {
        super(store, Kind.SECRET, name);
    }

    @Override
    SecretSeed self() {
        return this;
    }

    /** The latest version's value; without this, three letters. */
    public SecretSeed value(String value) {
        return latest(version -> version.withMaterial(value));
    }

    public SecretSeed contentType(String contentType) {
        return latest(version -> version.withContentType(contentType));
    }
}
