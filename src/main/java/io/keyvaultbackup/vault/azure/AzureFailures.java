package io.keyvaultbackup.vault.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.keyvaultbackup.azure.ConnectionFailures;
import io.keyvaultbackup.azure.IdentityFailures;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
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

    /** Whoever asks for longer is asked again after that. */
    private static final long LONGEST_RETRY_AFTER_SECONDS = 3_600;

    private AzureFailures() {}

    /** To be thrown in place of what the SDK threw. */
    static RuntimeException understand(RuntimeException thrown, String host, InstantSource clock) {
        VaultException understood = ConnectionFailures.causeOf(VaultException.class, thrown);
        if (understood != null) {
            return understood;
        }
        if (isInterruption(thrown)) {
            Thread.currentThread().interrupt();
            return new CancellationException("interrupted during a call");
        }
        HttpResponseException answered = ConnectionFailures.causeOf(HttpResponseException.class, thrown);
        if (answered != null && answered.getResponse() != null) {
            return new VaultException(understand(answered.getResponse(), clock), thrown);
        }
        Failure noToken = IdentityFailures.understand(thrown);
        if (noToken != null) {
            return new VaultException(noToken, thrown);
        }
        if (isForeignChallenge(thrown)) {
            return new VaultException(foreignChallenge(host), thrown);
        }
        return new VaultException(withoutAnswer(thrown, host), thrown);
    }

    /** The same for a call that deletes, purges or recovers, which is refused while the object is on its way from one state to another. */
    static RuntimeException understandChange(RuntimeException thrown, String host, InstantSource clock) {
        RuntimeException understood = understand(thrown, host, clock);
        return understood instanceof VaultException told && isInTransition(told.failure())
                ? new VaultException(told.failure().withReason(FailureReason.NAME_NOT_YET_FREE), thrown)
                : understood;
    }

    /** Whether a refusal lasts only until the object, or the name, is again in one state or another. */
    static boolean isInTransition(Failure failure) {
        return failure.status() == 409
                && ("ObjectIsBeingRecovered".equals(failure.code()) || "ObjectIsBeingDeleted".equals(failure.code()));
    }

    /** A socket's time-out is an InterruptedIOException too, and interrupts nobody. */
    static boolean isInterruption(Throwable thrown) {
        return ConnectionFailures.causeOf(InterruptedException.class, thrown) != null
                || (ConnectionFailures.causeOf(InterruptedIOException.class, thrown) != null
                        && ConnectionFailures.causeOf(SocketTimeoutException.class, thrown) == null);
    }

    /** The SDK gives its token to nobody outside of the domain that the challenge names, and says so in words alone. */
    private static boolean isForeignChallenge(RuntimeException thrown) {
        return String.valueOf(thrown.getMessage()).contains("does not match the requested domain");
    }

    private static Failure foreignChallenge(String host) {
        return Failure.of(
                FailureReason.NOT_AUTHENTICATED,
                "the challenge of " + host + " is for another domain than its own, so it was sent no token. If this is"
                        + " a private endpoint of yours, set keyvault-backup.azure.verify-challenge-resource=false");
    }

    /**
     * What an answer other than the expected one means.
     *
     * @param clock this machine's, for what is refused because it is wrong
     */
    static Failure understand(HttpResponse response, InstantSource clock) {
        int status = response.getStatusCode();
        String body = bodyOf(response);
        JsonNode error = errorIn(body);
        String code = text(error.path("code"));
        String message = text(error.path("message"));
        for (JsonNode inner = error.path("innererror"); inner.isObject(); inner = inner.path("innererror")) {
            String innerCode = text(inner.path("code"));
            code = innerCode == null ? code : innerCode;
        }
        String words = message == null ? notInTheServicesForm(response, body) : firstLine(message);
        if (status == 401) {
            words += ClockSkew.told(response, clock);
        }
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
        boolean notJson = ConnectionFailures.rootOf(thrown).getClass().getName().contains("Json");
        Failure connection = notJson ? null : ConnectionFailures.understand(thrown, host);
        return connection == null
                ? Failure.of(FailureReason.CORRUPT_ANSWER, ConnectionFailures.words(thrown))
                : connection;
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
    private static String notInTheServicesForm(HttpResponse response, String body) {
        String elsewhere = response.getHeaderValue(HttpHeaderName.LOCATION);
        if (response.getStatusCode() / 100 == 3 && elsewhere != null) {
            return "the answer sends us elsewhere, to " + excerpt(elsewhere.replaceAll("[?#].*", ""))
                    + ", which no vault does";
        }
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
            return value == null
                    ? null
                    : Duration.ofSeconds(Math.clamp(Long.parseLong(value.strip()), 0, LONGEST_RETRY_AFTER_SECONDS));
        } catch (NumberFormatException notSeconds) {
            return null;
        }
    }

    private static String firstLine(@Nullable String message) {
        String line = message == null
                ? "no message"
                : message.strip().lines().findFirst().orElse("no message").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }
}
