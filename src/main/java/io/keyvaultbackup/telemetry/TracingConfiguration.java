package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Jobs send traces to a receiver of OTLP, while they run and before they exit. */
@Configuration(proxyBeanMethods = false)
@Conditional(IsGiven.TracingEndpoint.class)
public class TracingConfiguration {

    /** Not called what it is: to look at its type, each start would load what is needed to trace. */
    @Bean(destroyMethod = "close")
    ObservationHandler<Observation.Context> spanHandler(TracingProperties properties, MeterRegistry registry) {
        return SpansByOtlp.handler(properties, registry);
    }
}
