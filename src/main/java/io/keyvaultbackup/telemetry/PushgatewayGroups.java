package io.keyvaultbackup.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.exporter.pushgateway.Format;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.exporter.pushgateway.Scheme;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pushes the meters of one vault into its group. A push adds: it replaces what the group has of the same names, and leaves the rest, such as when the
 * vault was last backed up completely, which a run that failed does not know.
 */
final class PushgatewayGroups {

    private static final Duration TO_CONNECT = Duration.ofSeconds(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(3);
    private static final Pattern ANSWERED = Pattern.compile("(?s).*Response code from \\S+ was (\\d{3}).*");

    private final PrometheusMeterRegistry registry;
    private final MetricsProperties.Pushgateway properties;
    private final String address;
    private final boolean encrypted;

    PushgatewayGroups(PrometheusMeterRegistry registry, MetricsProperties.Pushgateway properties) {
        this.registry = registry;
        this.properties = properties;
        URI url = URI.create(Objects.requireNonNull(properties.url()));
        this.encrypted = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        this.address = url.getRawAuthority() + url.getRawPath().replaceFirst("/+$", "");
    }

    /** @throws IOException that says why it was not taken, without anything secret */
    void push(String job, String vault) throws IOException {
        PushGateway.Builder gateway = PushGateway.builder()
                .address(address)
                .scheme(encrypted ? Scheme.HTTPS : Scheme.HTTP)
                .format(Format.PROMETHEUS_TEXT)
                .job(job.equals("backup") ? properties.job() : properties.job() + "-" + job)
                .groupingKey(OfVault.VAULT, vault)
                .connectionTimeout(TO_CONNECT)
                .readTimeout(TO_ANSWER)
                .connectionFactory(
                        url -> { // what is redirected would carry the credentials to who knows where
                            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
                            connection.setInstanceFollowRedirects(false);
                            return connection;
                        });
        if (properties.user() != null && properties.password() != null) {
            gateway.basicAuth(properties.user(), properties.password());
        } else if (properties.bearerToken() != null) {
            gateway.bearerToken(properties.bearerToken());
        }
        try {
            gateway.build()
                    .pushAdd(() -> VaultSeries.of(
                            job, vault, registry.getPrometheusRegistry().scrape()));
        } catch (IOException failed) {
            throw new IOException(why(failed)); // the cause has what it answered
        }
    }

    String where() {
        return HttpReceivers.shown(Objects.requireNonNull(properties.url()));
    }

    /** What it answered beside the status is left out: a proxy's page may repeat what was sent. */
    private static String why(IOException failed) {
        Matcher answered = ANSWERED.matcher(String.valueOf(failed.getMessage()));
        return answered.matches() ? "it answered " + answered.group(1) : InnermostCause.words(failed);
    }
}
