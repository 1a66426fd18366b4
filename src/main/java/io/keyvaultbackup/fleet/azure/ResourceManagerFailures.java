package io.keyvaultbackup.fleet.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.keyvaultbackup.azure.ConnectionFailures;
import io.keyvaultbackup.azure.IdentityFailures;
import io.keyvaultbackup.fleet.DiscoveryException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an exception of the SDK means, and an answer that is none. Stateless. */
final class ResourceManagerFailures {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");

    /** When Resource Graph's own limit begins anew, as hh:mm:ss; it sends no Retry-After then. */
    private static final HttpHeaderName RESETS_AFTER = HttpHeaderName.fromString("x-ms-user-quota-resets-after");

    private static final int EXCERPT = 200;
    private static final long LONGEST_RETRY_AFTER_SECONDS = 3_600;

    private ResourceManagerFailures() {}

    /** To be thrown in place of what the SDK threw. */
    static RuntimeException understand(RuntimeException thrown, String host) {
        DiscoveryException understood = ConnectionFailures.causeOf(DiscoveryException.class, thrown);
        if (understood != null) {
            return understood;
        }
        if (ConnectionFailures.causeOf(InterruptedException.class, thrown) != null) {
            Thread.currentThread().interrupt();
            return new CancellationException("interrupted during a call");
        }
        HttpResponseException answered = ConnectionFailures.causeOf(HttpResponseException.class, thrown);
        if (answered != null
                && answered.getResponse() != null
                && answered.getResponse().getStatusCode() != 200) {
            return refused(answered.getResponse());
        }
        Failure noToken = IdentityFailures.understand(thrown);
        if (noToken != null) {
            return new DiscoveryException(noToken, thrown);
        }
        boolean notJson = answered != null
                || ConnectionFailures.rootOf(thrown).getClass().getName().contains("Json");
        Failure connection = notJson ? null : ConnectionFailures.understand(thrown, host);
        return connection == null
                ? corrupt(ConnectionFailures.words(thrown), thrown)
                : new DiscoveryException(connection, thrown);
    }

    static DiscoveryException corrupt(String words, @Nullable Throwable cause) {
        return new DiscoveryException(
                Failure.of(FailureReason.CORRUPT_ANSWER, "Azure Resource Manager's answer cannot be used: " + words),
                cause);
    }

    /** What an answer other than the expected one means. */
    static DiscoveryException refused(HttpResponse response) {
        int status = response.getStatusCode();
        String body = bodyOf(response);
        JsonNode error = errorIn(body);
        // Resource Graph says little at the top, and the cause in the details.
        JsonNode detail = error.path("details").path(0);
        String code = first(text(detail.path("code")), text(error.path("code")));
        String message = first(text(detail.path("message")), text(error.path("message")));
        return new DiscoveryException(
                new Failure(
                        reasonOf(status),
                        status,
                        code,
                        message == null
                                ? "an answer that is not the service's form of an error: " + excerpt(body)
                                : message.strip().lines().findFirst().orElse(""),
                        response.getHeaderValue(REQUEST_ID),
                        status == 429 || status == 503 ? retryAfter(response) : null),
                null);
    }

    private static FailureReason reasonOf(int status) {
        return switch (status) {
            case 401 -> FailureReason.NOT_AUTHENTICATED;
            case 403 -> FailureReason.DISCOVERY_FORBIDDEN;
            case 408, 504 -> FailureReason.TIMED_OUT;
            case 429 -> FailureReason.DISCOVERY_THROTTLED;
            default -> {
                if (status >= 500) {
                    yield FailureReason.UNAVAILABLE;
                }
                yield status >= 400 ? FailureReason.REFUSED : FailureReason.CORRUPT_ANSWER;
            }
        };
    }

    private static String bodyOf(HttpResponse response) {
        String body = response.getBodyAsBinaryData() == null
                ? null
                : response.getBodyAsBinaryData().toString();
        return body == null ? "" : body.strip();
    }

    private static JsonNode errorIn(String body) {
        try {
            return JSON.readTree(body).path("error");
        } catch (JacksonException notJson) {
            return JSON.missingNode();
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable String first(@Nullable String preferred, @Nullable String other) {
        return preferred == null ? other : preferred;
    }

    private static String excerpt(String text) {
        String line = text.isEmpty() ? "no body" : text.replaceAll("\\s+", " ");
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
    }

    private static @Nullable Duration retryAfter(HttpResponse response) {
        String seconds = response.getHeaderValue(HttpHeaderName.RETRY_AFTER);
        String quota = response.getHeaderValue(RESETS_AFTER);
        if (seconds != null && seconds.strip().matches("\\d{1,9}")) {
            return Duration.ofSeconds(Math.min(Long.parseLong(seconds.strip()), LONGEST_RETRY_AFTER_SECONDS));
        }
        if (quota != null && quota.strip().matches("\\d\\d:\\d\\d:\\d\\d")) {
            String[] parts = quota.strip().split(":", -1);
            return Duration.ofHours(Long.parseLong(parts[0]))
                    .plusMinutes(Long.parseLong(parts[1]))
                    .plusSeconds(Long.parseLong(parts[2]));
        }
        return null;
    }
}
