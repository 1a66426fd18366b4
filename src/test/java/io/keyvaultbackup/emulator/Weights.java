package io.keyvaultbackup.emulator;

import org.jspecify.annotations.Nullable;

/** What a request costs of the 4,000 units that a vault grants in 10 seconds. */
final class Weights {

    /** 300 such in 10 seconds: setting a secret, importing; restoring is counted so too, as its rate is unknown. */
    private static final double CREATION = 4_000 / 300.0;

    private Weights() {}

    static double of(ApiRequest request, ObjectStore store) {
        Kind kind = request.kind();
        return switch (request.operation()) {
            case SET, IMPORT, RESTORE -> CREATION;
            case CREATE -> kind == Kind.KEY ? keyCreation(typeOf(request, store)) : CREATION;
            case LIST, LIST_DELETED, VERSIONS, UNKNOWN, CHALLENGE -> 1;
            default -> kind == Kind.KEY ? keyCall(typeOf(request, store)) : 1;
        };
    }

    private static double keyCreation(@Nullable KeyType type) {
        return type == null ? KeyType.RSA_2048.creationCost() : type.creationCost();
    }

    private static double keyCall(@Nullable KeyType type) {
        return type == null ? 1 : type.cost();
    }

    private static @Nullable KeyType typeOf(ApiRequest request, ObjectStore store) {
        StoredObject key = store.find(Kind.KEY, request.name());
        return key == null ? null : key.latest().keyType();
    }
}
