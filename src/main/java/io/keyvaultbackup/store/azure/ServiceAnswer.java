package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error that Blob Storage answered with: its status, its code (from the header, so also to a HEAD request, which has no body),
 * its own words without what the SDK puts around them.
 */
record ServiceAnswer(
        int status,
        @Nullable String code,
        String message,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {

    static final String BLOB_NOT_FOUND = "BlobNotFound";

    private static final HttpHeaderName ERROR_CODE = HttpHeaderName.fromString("x-ms-error-code");
    private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");

    private static final Pattern MESSAGE = Pattern.compile("<Message>(.*?)(</Message>|$)", Pattern.DOTALL);
    private static final Pattern SIGNATURE = Pattern.compile("\\bsig=[^&\\s\"']+");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private static final Set<String> IMMUTABLE = Set.of("BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold");
    private static final Set<String> TAKEN = Set.of("BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet");
    private static final Set<String> NO_STORE =
            Set.of("ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled", "ResourceNotFound");

    static ServiceAnswer of(HttpResponse response, @Nullable String sdkMessage) {
        HttpHeaders headers = response.getHeaders();
        return new ServiceAnswer(
                response.getStatusCode(),
                headers.getValue(ERROR_CODE),
                message(response.getStatusCode(), sdkMessage),
                headers.getValue(REQUEST_ID),
                retryAfter(headers.getValue(HttpHeaderName.RETRY_AFTER)));
    }

    /** What time it is there, by the header that every answer has; null without it. */
    static @Nullable Instant time(HttpHeaders headers) {
        @Nullable String date = headers.getValue(HttpHeaderName.DATE);
        try {
            return date == null
                    ? null
                    : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }

    /**
     * The name may be in use, by the same bytes or by others; a look tells. An identity that may add but not overwrite is answered
     * 403 where another would be answered 409.
     */
    boolean isNameTakenPerhaps() {
        return status == 403 || isNameTaken();
    }

    private boolean isNameTaken() {
        return (status == 409 || status == 412) && (code == null || TAKEN.contains(code) || isImmutable());
    }

    boolean isBlobMissing() {
        return status == 404 && BLOB_NOT_FOUND.equals(code);
    }

    Failure failure() {
        return new Failure(reason(), status, code, message, requestId, retryAfter);
    }

    boolean isImmutable() {
        return code != null && IMMUTABLE.contains(code);
    }

    private FailureReason reason() {
        if (isImmutable()) {
            return FailureReason.STORE_IMMUTABLE;
        }
        if (isBlobMissing()) {
            return FailureReason.NOT_FOUND;
        }
        if (status == 404 || (code != null && NO_STORE.contains(code))) {
            return FailureReason.STORE_NOT_FOUND;
        }
        return switch (status) {
            case 401, 403 -> FailureReason.STORE_NOT_AUTHORISED;
            case 408, 429 -> FailureReason.STORE_UNAVAILABLE;
            case 409, 412 -> isNameTaken() ? FailureReason.STORE_CONFLICT : FailureReason.REFUSED;
            case 507 -> FailureReason.STORE_FULL;
            default -> status >= 500 ? FailureReason.STORE_UNAVAILABLE : FailureReason.REFUSED;
        };
    }

    private static String message(int status, @Nullable String sdkMessage) {
        Matcher inXml = MESSAGE.matcher(sdkMessage == null ? "" : sdkMessage);
        String message = firstLine(inXml.find() ? inXml.group(1) : "");
        return message.isEmpty() ? "the service answered with status " + status + " and no message" : message;
    }

    /** The first line, with no signature of a SAS token in it. */
    static String firstLine(@Nullable String text) {
        String first = text == null ? "" : text.strip().lines().findFirst().orElse("");
        return withoutSignature(first);
    }

    static String withoutSignature(String text) {
        return SIGNATURE.matcher(text).replaceAll("sig=…");
    }

    private static @Nullable Duration retryAfter(@Nullable String seconds) {
        return seconds != null && SECONDS.matcher(seconds).matches()
                ? Duration.ofSeconds(Long.parseLong(seconds))
                : null;
    }
}
