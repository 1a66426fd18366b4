package io.keyvaultbackup.emulator;

/** Shapes a seeded key. */
public final class KeySeed extends ObjectSeed<KeySeed> {

    KeySeed(ObjectStore store, String name) {
        super(store, Kind.KEY, name);
    }

    @Override
    KeySeed self() {
        return this;
    }

    /** The type of all its versions; without this, a software RSA 2048 key. */
    public KeySeed type(KeyType type) {
        return each(version -> version.withKeyType(type));
    }
}
