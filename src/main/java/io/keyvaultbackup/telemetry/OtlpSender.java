package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends to the receiver, within 5 s; a failure is told and counted, and harms nothing. */
final class OtlpSender implements OtlpMetricsSender {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(OtlpSender.class);

    private final URI endpoint;
    private @Nullable MeterRegistry registry;

    OtlpSender(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Where failures are counted, so that the next that goes well tells of them. */
    void countIn(MeterRegistry counting) {
        registry = counting;
    }

    @Override
    public void send(Request metrics) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(endpoint);
            request.header("Content-Type", "application/x-protobuf");
            metrics.getHeaders().forEach(request::header);
            byte[] body = metrics.getMetricsData();
            if (metrics.getCompressionMode() == CompressionMode.GZIP) {
                request.header("Content-Encoding", "gzip");
                body = compressed(body);
            }
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
            int status = answered(client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding()));
            if (status / 100 != 2) {
                failed("it answered " + status);
            }
        } catch (IOException | RuntimeException | ExecutionException broken) {
            failed(InnermostCause.words(broken));
        } catch (TimeoutException slow) {
            failed("it did not answer within " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            client.shutdownNow();
        }
    }

    private static int answered(Future<HttpResponse<Void>> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS).statusCode();
    }

    private void failed(String why) {
        if (registry != null) {
            registry.counter("keyvault.otlp.failures").increment();
        }
        LOG.warn(
                "The metrics could not be sent to the receiver of OTLP {}: {}. The job is as good as it would be without; see"
                        + " keyvault-backup.metrics.otlp.",
                HttpReceivers.shown(endpoint.toString()),
                why);
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }
}
