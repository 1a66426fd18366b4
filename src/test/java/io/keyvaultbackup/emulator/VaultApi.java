package io.keyvaultbackup.emulator;

import tools.jackson.databind.JsonNode;

/** The work behind each operation, once a request has been let in. */
final class VaultApi {

    private final VaultSettings settings;
    private final ObjectStore store;
    private final Bodies bodies;
    private final Listings listings;
    private final Changes changes;
    private final Backups backups;

    VaultApi(VaultSettings settings, ObjectStore store, Bodies bodies, Listings listings, Backups backups) {
        this.settings = settings;
        this.store = store;
        this.bodies = bodies;
        this.listings = listings;
        this.changes = new Changes(store, bodies);
        this.backups = backups;
    }

    Answer perform(ApiRequest request, byte[] body) {
        try {
            refuseBadNames(request);
            return work(request, body);
        } catch (ServiceException refused) {
            return refused.error().answer();
        }
    }

    private Answer work(ApiRequest request, byte[] body) {
        Kind kind = request.requiredKind();
        String name = request.name();
        return switch (request.operation()) {
            case LIST -> listings.live(request);
            case VERSIONS -> listings.versions(request);
            case LIST_DELETED -> listings.deleted(request);
            case GET -> get(request);
            case SET -> changes.set(request, Json.read(body));
            case CREATE -> changes.create(request, Json.read(body));
            case IMPORT -> changes.importOne(request, Json.read(body));
            case UPDATE -> changes.update(request, Json.read(body));
            case PENDING -> Answer.json(200, bodies.operation(store.get(kind, name)));
            case POLICY ->
                body.length == 0
                        ? Answer.json(200, bodies.policy(store.get(kind, name)))
                        : changes.updatePolicy(request, Json.read(body));
            case DELETE -> delete(kind, name);
            case GET_DELETED -> getDeleted(kind, name);
            case RECOVER -> recover(kind, name);
            case PURGE -> purge(kind, name);
            case BACKUP -> backups.backup(store.get(kind, name));
            case RESTORE -> answer(backups.restore(kind, body));
            case SIGN -> sign(request, Json.read(body));
            case CHALLENGE, UNKNOWN ->
                throw new ServiceException(new ServiceError(404, "NotFound", null, "Resource not found."));
        };
    }

    private Answer sign(ApiRequest request, JsonNode body) {
        StoredObject key = store.get(request.requiredKind(), request.name());
        return Signing.sign(bodies, key, version(request, key), body);
    }

    private static Version version(ApiRequest request, StoredObject object) {
        Version version = request.version().isEmpty() ? object.latest() : object.find(request.version());
        if (version == null) {
            throw new ServiceException(ServiceError.notFound(object.kind(), request.name() + "/" + request.version()));
        }
        return version;
    }

    private Answer get(ApiRequest request) {
        StoredObject object = store.get(request.requiredKind(), request.name());
        Version version = version(request, object);
        if (object.kind() == Kind.SECRET && !version.enabled()) {
            throw new ServiceException(ServiceError.disabled("get", object.kind()));
        }
        return Answer.json(200, bodies.bundle(object, version));
    }

    private Answer delete(Kind kind, String name) {
        if (store.get(kind, name).managed()) {
            throw new ServiceException(ServiceError.managed("delete", kind));
        }
        store.refuseInTransition(kind, name);
        return Answer.json(200, bodies.deletedBundle(store.delete(kind, name, settings.deletePause())));
    }

    private Answer getDeleted(Kind kind, String name) {
        if (store.isBeingDeleted(kind, name)) {
            throw new ServiceException(ServiceError.notDeleted(kind, name));
        }
        return Answer.json(200, bodies.deletedBundle(store.getDeleted(kind, name)));
    }

    private Answer recover(Kind kind, String name) {
        store.refuseInTransition(kind, name);
        return answer(store.recover(kind, name, settings.recoverPause()));
    }

    private Answer purge(Kind kind, String name) {
        store.refuseInTransition(kind, name);
        if (settings.purgeProtection() && store.deleted(kind).containsKey(ObjectStore.keyOf(name))) {
            var refusal = settings.purgeRefusal();
            throw new ServiceException(new ServiceError(refusal.status(), refusal.code(), null, refusal.message()));
        }
        store.purge(kind, name, settings.purgePause());
        return Answer.empty(204);
    }

    /** A recovered or restored secret comes without its value. */
    private Answer answer(StoredObject object) {
        var bundle = bodies.bundle(object, object.latest());
        if (object.kind() == Kind.SECRET) {
            bundle.remove("value");
        }
        return Answer.json(200, bundle);
    }

    private static void refuseBadNames(ApiRequest request) {
        if (!request.name().isEmpty() && !Router.NAME.matcher(request.name()).matches()) {
            throw new ServiceException(
                    ServiceError.badParameter("The request URI contains an invalid name: " + request.name()));
        }
    }
}
