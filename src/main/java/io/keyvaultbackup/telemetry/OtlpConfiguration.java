package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Jobs send to a receiver of OTLP, each minute and before they exit. */
@Configuration(proxyBeanMethods = false)
@Conditional(IsGiven.OtlpEndpoint.class)
public class OtlpConfiguration {

    static final String SERVICE = "service.name";

    /** Not called what it is: to look at its type, each start would load what is needed to send. */
    @Bean(destroyMethod = "close")
    MeterRegistry otlpMeterRegistry(MetricsProperties properties) {
        Given given = new Given(properties.otlp());
        OtlpSender sender = new OtlpSender(URI.create(given.url()));
        OtlpMeterRegistry registry = OtlpMeterRegistry.builder(given)
                .clock(Clock.SYSTEM)
                .metricsSender(sender)
                .build();
        sender.countIn(registry);
        return registry;
    }

    /** What is not said here is read from the variables of OpenTelemetry (OTEL_RESOURCE_ATTRIBUTES, …). */
    private record Given(MetricsProperties.Otlp properties) implements OtlpConfig {

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return Objects.requireNonNull(properties.endpoint());
        }

        @Override
        public Map<String, String> headers() {
            return properties.headers().isEmpty() ? OtlpConfig.super.headers() : properties.headers();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            return OtlpConfiguration.resourceAttributes();
        }
    }

    /** What is sent by OTLP is of this service, unless the variables of OpenTelemetry say another. */
    static Map<String, String> resourceAttributes() {
        Map<String, String> attributes = new HashMap<>(OtlpConfig.DEFAULT.resourceAttributes());
        attributes.putIfAbsent(SERVICE, "keyvault-backup");
        return attributes;
    }
}
