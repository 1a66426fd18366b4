package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.run.ConfigurationCheck;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What this package gives to the application, whether anything is sent or not. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({MetricsProperties.class, TracingProperties.class})
@Import(LastValues.class)
public class TelemetryConfiguration {

    @Bean
    static ConfigurationCheck metricsCheck(MetricsProperties properties) {
        return properties::problems;
    }

    @Bean
    static ConfigurationCheck tracingCheck(TracingProperties properties) {
        return properties::problems;
    }

    @Bean
    static MeterFilter tracesAreNotCounted() {
        return MeterFilter.denyNameStartsWith(Traces.PREFIX);
    }

    @Bean
    Traces traces(ObservationRegistry registry, TracingProperties properties) {
        return new Traces(registry, properties);
    }

    /** What nobody will read takes no memory, of which a process that is at work on many vaults would need much. */
    @Bean
    @Conditional(IsGiven.Neither.class)
    static MeterFilter nothingIsCounted() {
        return MeterFilter.deny();
    }

    /** Nor are items and chunks observed then, which Spring Batch does for each; jobs and steps may have spans, and are few. */
    @Bean
    @Conditional(IsGiven.Neither.class)
    static ObservationPredicate itemsAreNotObserved() {
        return (name, context) -> !name.startsWith("spring.batch.item.") && !name.startsWith("spring.batch.chunk.");
    }

    @Bean
    static OfVault ofVault() {
        return new OfVault();
    }
}
