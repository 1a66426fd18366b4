package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gauges of what is known when something ends, such as when that was; each keeps its value until the next. Safe for use by many threads. */
public final class LastValues {

    /** The unit of moments: seconds since 1970, as Prometheus has them. */
    public static final String SECONDS = "seconds";

    private final MeterRegistry registry;
    private final Map<Key, Value> values = new ConcurrentHashMap<>();

    public LastValues(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param unit the last part of its name where names have units; null if it counts something */
    public void set(String name, @Nullable String unit, Tags tags, double value) {
        values.computeIfAbsent(new Key(name, tags), key -> register(key, unit)).now = value;
    }

    /** A registry may outlive this, and what it has of that name would go on to tell what was. */
    private Value register(Key key, @Nullable String unit) {
        Meter before = registry.find(key.name()).tags(key.tags()).meter();
        if (before != null) {
            registry.remove(before);
        }
        Value value = new Value();
        Gauge.builder(key.name(), value, held -> held.now)
                .baseUnit(unit)
                .tags(key.tags())
                .strongReference(true)
                .register(registry);
        return value;
    }

    private record Key(String name, Tags tags) {}

    private static final class Value {
        private volatile double now;
    }
}
