package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a vault: live, deleted, and their histories. Readers never wait, and always see whole states; changes are made one
 * after another. What happens to a certificate happens to its key and its secret.
 */
final class ObjectStore {

    private record Place(Kind kind, String name) {}

    private final InstantSource clock;
    private final Map<Kind, ConcurrentSkipListMap<String, StoredObject>> live = new EnumMap<>(Kind.class);
    private final Map<Kind, ConcurrentSkipListMap<String, DeletedObject>> deleted = new EnumMap<>(Kind.class);
    private final Map<Place, List<HistoryEntry>> histories = new ConcurrentHashMap<>();
    private final Map<Place, Instant> purgedUntil = new ConcurrentHashMap<>();
    private final Map<Place, Instant> deletingUntil = new ConcurrentHashMap<>();
    private final Map<Place, Instant> recoveringUntil = new ConcurrentHashMap<>();

    ObjectStore(InstantSource clock) {
        this.clock = clock;
        for (Kind kind : Kind.values()) {
            live.put(kind, new ConcurrentSkipListMap<>());
            deleted.put(kind, new ConcurrentSkipListMap<>());
        }
    }

    Instant now() {
        return clock.instant();
    }

    ConcurrentNavigableMap<String, StoredObject> live(Kind kind) {
        return mapOf(live, kind);
    }

    ConcurrentNavigableMap<String, DeletedObject> deleted(Kind kind) {
        return mapOf(deleted, kind);
    }

    @Nullable
    StoredObject find(Kind kind, String name) {
        return live(kind).get(keyOf(name));
    }

    StoredObject get(Kind kind, String name) {
        StoredObject object = find(kind, name);
        if (object == null) {
            throw new ServiceException(ServiceError.notFound(kind, name));
        }
        return object;
    }

    DeletedObject getDeleted(Kind kind, String name) {
        DeletedObject object = deleted(kind).get(keyOf(name));
        if (object == null) {
            throw new ServiceException(ServiceError.notDeleted(kind, name));
        }
        return object;
    }

    List<HistoryEntry> history(Kind kind, String name) {
        return List.copyOf(histories.getOrDefault(place(kind, name), List.of()));
    }

    /** Adds a version to an object, which need not exist yet. */
    synchronized StoredObject addVersion(Kind kind, String name, Version version) {
        StoredObject existing = find(kind, name);
        if (existing == null) {
            refuseUnlessFree(kind, name);
            return write(StoredObject.made(kind, name, version).withRevision(nextRevision(kind, name)), "set");
        }
        return write(existing.with(version).withRevision(existing.revision() + 1), "set");
    }

    synchronized StoredObject change(Kind kind, String name, UnaryOperator<StoredObject> change) {
        StoredObject existing = get(kind, name);
        return write(change.apply(existing).withRevision(existing.revision() + 1), "updated");
    }

    /** For seeding: an object as if it had always been so, with one entry in its history. */
    synchronized StoredObject seed(StoredObject object) {
        histories.remove(place(object.kind(), object.name()));
        return write(object, "set");
    }

    synchronized StoredObject restore(StoredObject object) {
        Kind kind = object.kind();
        String name = object.name();
        refuseInTransition(kind, name);
        if (find(kind, name) != null || isPending(purgedUntil, kind, name)) {
            throw new ServiceException(ServiceError.restoreConflict(kind, name));
        }
        refuseUnlessFree(kind, name);
        if (kind == Kind.CERTIFICATE) {
            for (Kind part : List.of(Kind.KEY, Kind.SECRET)) {
                if (find(part, name) != null) {
                    throw new ServiceException(ServiceError.restoreConflict(part, name));
                }
                refuseUnlessFree(part, name);
            }
        }
        return write(object.withRevision(nextRevision(kind, name)), "restored");
    }

    /** What is on its way from one state to another stays as it is until it is there. */
    void refuseInTransition(Kind kind, String name) {
        if (isPending(recoveringUntil, kind, name)) {
            throw new ServiceException(ServiceError.beingRecovered(kind, name));
        }
        if (isBeingDeleted(kind, name)) {
            throw new ServiceException(ServiceError.beingDeleted(kind));
        }
    }

    /** Whether it is no longer live, and not yet to be seen among the deleted. */
    boolean isBeingDeleted(Kind kind, String name) {
        return isPending(deletingUntil, kind, name);
    }

    synchronized DeletedObject delete(Kind kind, String name, Duration pause) {
        DeletedObject gone = new DeletedObject(get(kind, name), now());
        live(kind).remove(keyOf(name));
        deleted(kind).put(keyOf(name), gone);
        deletingUntil.put(place(kind, name), now().plus(pause));
        remember(gone.object(), "deleted");
        if (kind == Kind.CERTIFICATE) {
            delete(Kind.KEY, name, pause);
            delete(Kind.SECRET, name, pause);
        }
        return gone;
    }

    synchronized void purge(Kind kind, String name, Duration pause) {
        DeletedObject gone = getDeleted(kind, name);
        deleted(kind).remove(keyOf(name));
        deletingUntil.remove(place(kind, name));
        purgedUntil.put(place(kind, name), now().plus(pause));
        remember(gone.object(), "purged");
        if (kind == Kind.CERTIFICATE) {
            purge(Kind.KEY, name, pause);
            purge(Kind.SECRET, name, pause);
        }
    }

    synchronized StoredObject recover(Kind kind, String name, Duration pause) {
        StoredObject object = getDeleted(kind, name).object();
        recoveringUntil.put(place(kind, name), now().plus(pause));
        List<Kind> recovered = kind == Kind.CERTIFICATE ? List.of(Kind.values()) : List.of(kind);
        for (Kind each : recovered) {
            deleted(each).remove(keyOf(name));
            deletingUntil.remove(place(each, name));
        }
        return write(object, "recovered");
    }

    private StoredObject write(StoredObject object, String change) {
        live(object.kind()).put(keyOf(object.name()), object);
        remember(object, change);
        if (object.kind() == Kind.CERTIFICATE) {
            write(object.owned(Kind.KEY), change);
            write(object.owned(Kind.SECRET), change);
        }
        return object;
    }

    private void refuseUnlessFree(Kind kind, String name) {
        if (deleted(kind).containsKey(keyOf(name))) {
            throw new ServiceException(ServiceError.deletedButRecoverable(kind, name));
        }
        if (isPending(purgedUntil, kind, name)) {
            throw new ServiceException(ServiceError.restoreConflict(kind, name));
        }
    }

    private boolean isPending(Map<Place, Instant> pauses, Kind kind, String name) {
        Instant until = pauses.get(place(kind, name));
        return until != null && now().isBefore(until);
    }

    private void remember(StoredObject object, String change) {
        var entry = new HistoryEntry(now(), object.revision(), change, object.versionIds());
        histories.merge(place(object.kind(), object.name()), List.of(entry), (former, added) -> {
            List<HistoryEntry> all = new ArrayList<>(former);
            all.addAll(added);
            return all;
        });
    }

    private long nextRevision(Kind kind, String name) {
        List<HistoryEntry> former = histories.getOrDefault(place(kind, name), List.of());
        return former.isEmpty() ? 1 : former.getLast().revision() + 1;
    }

    private static Place place(Kind kind, String name) {
        return new Place(kind, keyOf(name));
    }

    static String keyOf(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static <T> ConcurrentSkipListMap<String, T> mapOf(
            Map<Kind, ConcurrentSkipListMap<String, T>> maps, Kind kind) {
        return Objects.requireNonNull(maps.get(kind));
    }
}
