package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** Gauges of what is known when something ends, such as when that was; each keeps its value until the next. Safe for use by many threads. */
public final class LastValues {

    /** The unit of moments: seconds since 1970, as Prometheus has them. */
    public static final String SECONDS = "seconds";

    private final MeterRegistry registry;

    public LastValues(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * In place of what it was. Nothing is kept here, as a process may be at work on very many vaults.
     *
     * @param unit the last part of its name where names have units; null if it counts something
     */
    public void set(String name, @Nullable String unit, Tags tags, double value) {
        registry.removeByPreFilterId(new Meter.Id(name, tags, unit, null, Meter.Type.GAUGE));
        Gauge.builder(name, () -> value)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
