package io.keyvaultbackup.telemetry;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether a property has a value; an empty one, as an environment may have it, is none. */
abstract class IsGiven implements Condition {

    private final String property;

    private IsGiven(String property) {
        this.property = property;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !context.getEnvironment().getProperty(property, "").isBlank();
    }

    /** Whether neither has one. */
    static final class Neither implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !new PushgatewayUrl().matches(context, metadata) && !new OtlpEndpoint().matches(context, metadata);
        }
    }

    static final class PushgatewayUrl extends IsGiven {
        PushgatewayUrl() {
            super(MetricsProperties.PUSHGATEWAY_URL);
        }
    }

    static final class OtlpEndpoint extends IsGiven {
        OtlpEndpoint() {
            super(MetricsProperties.OTLP_ENDPOINT);
        }
    }

    static final class TracingEndpoint extends IsGiven {
        TracingEndpoint() {
            super(TracingProperties.ENDPOINT);
        }
    }
}
