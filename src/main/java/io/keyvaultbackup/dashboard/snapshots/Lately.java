package io.keyvaultbackup.dashboard.snapshots;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What was used lately, as much of it as has room. Safe for use by many threads. */
final class Lately<K, V> {

    private final long room;
    private final ToLongFunction<V> weight;
    private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long taken;

    /** @param weight the same for the same value at all times */
    Lately(long room, ToLongFunction<V> weight) {
        this.room = room;
        this.weight = weight;
    }

    synchronized Optional<V> find(K key) {
        return Optional.ofNullable(kept.get(key));
    }

    /** What is heavier than all the room is not kept. */
    synchronized void keep(K key, V value) {
        V before = kept.remove(key);
        taken -= before == null ? 0 : weight.applyAsLong(before);
        if (weight.applyAsLong(value) > room) {
            return;
        }
        kept.put(key, value);
        taken += weight.applyAsLong(value);
        Iterator<V> oldestFirst = kept.values().iterator();
        while (taken > room) {
            taken -= weight.applyAsLong(oldestFirst.next());
            oldestFirst.remove();
        }
    }
}
