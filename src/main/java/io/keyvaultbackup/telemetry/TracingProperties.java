package io.keyvaultbackup.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where jobs send traces to. Empty values count as not given; without an endpoint nothing is traced. {@link #toString()} tells no secret. Immutable.
 *
 * @param endpoint a receiver of OTLP by HTTP with protobuf, as http://collector.monitoring:4318/v1/traces; nothing is traced where none is given
 * @param headers sent with them, such as authorization; values are secret
 * @param pages of pages of listings, which share has a span, from 0 to 1
 * @param objects of objects, which share has spans of its calls, from 0 to 1
 * @param objectNames whether spans of objects have their names, which may tell more than a receiver of traces is to know
 * @param serviceName service.name of OpenTelemetry; if none is given what its variables say, else keyvault-backup
 */
@ConfigurationProperties(TracingProperties.PREFIX)
record TracingProperties(
        @Nullable String endpoint,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("1.0") double pages,
        @DefaultValue("0.01") double objects,
        @DefaultValue("false") boolean objectNames,
        @Nullable String serviceName) {

    static final String PREFIX = "keyvault-backup.tracing";
    static final String ENDPOINT = PREFIX + ".endpoint";

    TracingProperties {
        endpoint = HttpReceivers.given(endpoint);
        headers = Map.copyOf(headers);
        serviceName = HttpReceivers.given(serviceName);
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        HttpReceivers.lookAtUrl(problems, ENDPOINT, endpoint, "http://collector.monitoring:4318/v1/traces");
        HttpReceivers.lookAtHeaders(problems, PREFIX + ".headers", headers);
        lookAtShare(problems, "pages", pages);
        lookAtShare(problems, "objects", objects);
        if (serviceName != null && HttpReceivers.CONTROL.matcher(serviceName).find()) {
            problems.add(PREFIX + ".service-name is to be one line, as keyvault-backup");
        }
        return problems;
    }

    private static void lookAtShare(List<String> problems, String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            problems.add(PREFIX + "." + name + ": " + share + " is no share, which is from 0 (none) to 1 (all)");
        }
    }

    @Override
    public String toString() {
        return "TracingProperties[endpoint=" + HttpReceivers.shownOrNull(endpoint) + ", headers="
                + HttpReceivers.shown(headers) + ", pages=" + pages + ", objects=" + objects + ", objectNames="
                + objectNames + ", serviceName=" + serviceName + "]";
    }
}
