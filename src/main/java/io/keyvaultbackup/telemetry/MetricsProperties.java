package io.keyvaultbackup.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where jobs send what they counted before they exit. Empty values count as not given, and where neither is given nothing is sent.
 * {@link #toString()} tells no secret. Immutable.
 *
 * @param pushgateway a Pushgateway of Prometheus
 * @param otlp a receiver of OTLP over HTTP
 */
@ConfigurationProperties(MetricsProperties.PREFIX)
record MetricsProperties(
        @DefaultValue Pushgateway pushgateway, @DefaultValue Otlp otlp) {

    static final String PREFIX = "keyvault-backup.metrics";
    static final String PUSHGATEWAY_URL = PREFIX + ".pushgateway.url";
    static final String OTLP_ENDPOINT = PREFIX + ".otlp.endpoint";

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    /**
     * A Pushgateway, one group for each job and vault.
     *
     * @param url its address, as http://pushgateway.monitoring:9091; nothing is pushed where none is given
     * @param job what the label job begins with: backups push as this, verifications as this and -verify, so do drills and forget
     * @param user for basic authentication
     * @param password for basic authentication; better in the environment than in a file
     * @param bearerToken sent instead of user and password; better in the environment than in a file
     */
    record Pushgateway(
            @Nullable String url,
            @DefaultValue("keyvault-backup") String job,
            @Nullable String user,
            @Nullable String password,
            @Nullable String bearerToken) {

        Pushgateway {
            url = HttpReceivers.given(url);
            job = job.strip();
            user = HttpReceivers.given(user);
            password = HttpReceivers.given(password);
            bearerToken = HttpReceivers.given(bearerToken);
        }

        @Override
        public String toString() {
            return "Pushgateway[url=" + HttpReceivers.shownOrNull(url) + ", job=" + job + ", user=" + user
                    + ", password=" + hidden(password) + ", bearerToken=" + hidden(bearerToken) + "]";
        }
    }

    /**
     * A receiver of OTLP, by HTTP with protobuf.
     *
     * @param endpoint where metrics are sent to, as http://collector.monitoring:4318/v1/metrics; nothing is sent where none is given
     * @param headers sent with them, such as authorization; values are secret
     */
    record Otlp(@Nullable String endpoint, @DefaultValue Map<String, String> headers) {

        Otlp {
            endpoint = HttpReceivers.given(endpoint);
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return "Otlp[endpoint=" + HttpReceivers.shownOrNull(endpoint) + ", headers=" + HttpReceivers.shown(headers)
                    + "]";
        }
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        HttpReceivers.lookAtUrl(problems, PUSHGATEWAY_URL, pushgateway.url(), "http://pushgateway.monitoring:9091");
        HttpReceivers.lookAtUrl(
                problems, OTLP_ENDPOINT, otlp.endpoint(), "http://collector.monitoring:4318/v1/metrics");
        lookAtCredentials(problems);
        HttpReceivers.lookAtHeaders(problems, PREFIX + ".otlp.headers", otlp.headers());
        return problems;
    }

    private void lookAtCredentials(List<String> problems) {
        String where = PREFIX + ".pushgateway";
        if (!LABEL.matcher(pushgateway.job()).matches()) {
            problems.add(where + ".job is to be of letters, digits, '-', '_' and '.', as keyvault-backup");
        }
        if ((pushgateway.user() == null) != (pushgateway.password() == null)) {
            problems.add(where + ".user and " + where + ".password belong together: give both, or neither");
        }
        if (pushgateway.bearerToken() != null && pushgateway.user() != null) {
            problems.add(
                    where + ".bearer-token and " + where + ".user are two ways to say who pushes: keep one of them");
        }
        if (pushgateway.bearerToken() != null
                && HttpReceivers.CONTROL.matcher(pushgateway.bearerToken()).find()) {
            problems.add(where + ".bearer-token is to be one line (its value is secret)");
        }
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : "(hidden)";
    }
}
