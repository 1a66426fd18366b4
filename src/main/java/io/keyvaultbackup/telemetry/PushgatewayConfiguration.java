package io.keyvaultbackup.telemetry;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Jobs push to a Pushgateway. */
@Configuration(proxyBeanMethods = false)
@Conditional(IsGiven.PushgatewayUrl.class)
public class PushgatewayConfiguration {

    @Bean
    PrometheusMeterRegistry prometheusMeterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean(destroyMethod = "close")
    Pushing pushing(PrometheusMeterRegistry registry, MetricsProperties properties) {
        return new Pushing(registry, new PushgatewayGroups(registry, properties.pushgateway()));
    }
}
