package io.keyvaultbackup.vault.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an exception of the SDK means. The class of the exception tells little (409 and 400 share one): status and body decide. */
final class AzureFailures {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int EXCERPT = 200;

    private AzureFailures() {}

    /** To be thrown in place of what the SDK threw. */
    static RuntimeException understand(RuntimeException thrown, String host) {
        VaultException understood = causeOf(VaultException.class, thrown);
        if (understood != null) {
            return understood;
        }
        if (isInterruption(thrown)) {
            Thread.currentThread().interrupt();
            return new CancellationException("interrupted during a call");
        }
        HttpResponseException answered = causeOf(HttpResponseException.class, thrown);
        if (answered != null && answered.getResponse() != null) {
            return new VaultException(understand(answered.getResponse()), thrown);
        }
        if (causeOf(ClientAuthenticationException.class, thrown) != null
                || thrown.getClass().getName().startsWith("com.azure.identity")) {
            return new VaultException(
                    Failure.of(FailureReason.NOT_AUTHENTICATED, firstLine(thrown.getMessage())), thrown);
        }
        return new VaultException(withoutAnswer(thrown, host), thrown);
    }

    /** A socket's time-out is an InterruptedIOException too, and interrupts nobody. */
    static boolean isInterruption(Throwable thrown) {
        return causeOf(InterruptedException.class, thrown) != null
                || (causeOf(InterruptedIOException.class, thrown) != null
                        && causeOf(SocketTimeoutException.class, thrown) == null);
    }

    private static Failure understand(HttpResponse response) {
        int status = response.getStatusCode();
        String body = bodyOf(response);
        JsonNode error = errorIn(body);
        String code = text(error.path("code"));
        String message = text(error.path("message"));
        for (JsonNode inner = error.path("innererror"); inner.isObject(); inner = inner.path("innererror")) {
            String innerCode = text(inner.path("code"));
            code = innerCode == null ? code : innerCode;
        }
        String words = message == null ? notInTheServicesForm(body) : firstLine(message);
        return new Failure(
                reasonOf(status, code, words),
                status,
                code,
                words,
                response.getHeaderValue(REQUEST_ID),
                status == 429 || status == 503 ? retryAfter(response) : null);
    }

    private static FailureReason reasonOf(int status, @Nullable String code, String message) {
        return switch (status) {
            case 401 -> FailureReason.NOT_AUTHENTICATED;
            case 403 -> forbidden(code == null ? "" : code, message);
            // Only in the service's own words: a gateway that answers 404 says nothing about the object.
            case 404 ->
                code != null && code.endsWith("NotFound") ? FailureReason.NOT_FOUND : FailureReason.CORRUPT_ANSWER;
            case 408, 504 -> FailureReason.TIMED_OUT;
            case 429 -> FailureReason.THROTTLED;
            default -> {
                if (status >= 500) {
                    yield FailureReason.UNAVAILABLE;
                }
                yield status >= 400 ? FailureReason.REFUSED : FailureReason.CORRUPT_ANSWER;
            }
        };
    }

    private static FailureReason forbidden(String code, String message) {
        if (message.contains("associated with a certificate")) {
            return FailureReason.MANAGED_BY_CERTIFICATE;
        }
        return switch (code) {
            case "ForbiddenByRbac" -> FailureReason.ROLE_MISSING;
            case "AccessDenied", "ForbiddenByPolicy" -> FailureReason.ACCESS_POLICY_MISSING;
            case "ForbiddenByFirewall", "ForbiddenByConnection" -> FailureReason.FIREWALL;
            default -> code.endsWith("Disabled") ? FailureReason.DISABLED : FailureReason.FORBIDDEN;
        };
    }

    private static Failure withoutAnswer(RuntimeException thrown, String host) {
        if (causeOf(HttpTimeoutException.class, thrown) != null
                || causeOf(SocketTimeoutException.class, thrown) != null
                || causeOf(TimeoutException.class, thrown) != null) {
            return Failure.of(FailureReason.TIMED_OUT, words(thrown));
        }
        if (causeOf(UnresolvedAddressException.class, thrown) != null) {
            return Failure.of(FailureReason.NETWORK, "the name of " + host + " cannot be resolved");
        }
        if (causeOf(ConnectException.class, thrown) != null) {
            return Failure.of(FailureReason.NETWORK, "cannot connect to " + host + ": " + words(thrown));
        }
        boolean notJson = causeOf(IOException.class, thrown) == null
                || rootOf(thrown).getClass().getName().contains("Json");
        return Failure.of(notJson ? FailureReason.CORRUPT_ANSWER : FailureReason.NETWORK, words(thrown));
    }

    private static String bodyOf(HttpResponse response) {
        String body = response.getBodyAsString().block();
        return body == null ? "" : body.strip();
    }

    private static JsonNode errorIn(String body) {
        try {
            return JSON.readTree(body).path("error");
        } catch (JacksonException notJson) {
            return JSON.missingNode();
        }
    }

    /** Such as a proxy's page: some of it, in one line, so that people see who answered. */
    private static String notInTheServicesForm(String body) {
        return body.isEmpty()
                ? "an answer without a body, not the service's form of an error"
                : "an answer that is not the service's form of an error: " + excerpt(body);
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    /** Seconds; the service sends no dates here. */
    private static @Nullable Duration retryAfter(HttpResponse response) {
        String value = response.getHeaderValue(HttpHeaderName.RETRY_AFTER);
        try {
            return value == null ? null : Duration.ofSeconds(Long.parseLong(value.strip()));
        } catch (NumberFormatException notSeconds) {
            return null;
        }
    }

    /** What the transport said: the innermost exception's own words, with its kind where it says nothing or too little. */
    private static String words(Throwable thrown) {
        Throwable root = rootOf(thrown);
        String kind = root.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
        String message = root.getMessage();
        return message == null ? kind : kind + ": " + firstLine(message);
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    static <E extends Throwable> @Nullable E causeOf(Class<E> type, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String firstLine(@Nullable String message) {
        String line = message == null
                ? "no message"
                : message.strip().lines().findFirst().orElse("no message").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }
}
