package io.keyvaultbackup.emulator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error as the service words it: the status and the body's code, inner code and message. */
record ServiceError(int status, String code, @Nullable String innerCode, String message) {

    Answer answer() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (innerCode != null) {
            error.put("innererror", Map.of("code", innerCode));
        }
        return Answer.json(status, Map.of("error", error));
    }

    static ServiceError throttled() {
        return new ServiceError(
                429,
                "Throttled",
                null,
                "Request was not processed because too many requests were received."
                        + " Reason: VaultRequestTypeLimitReached");
    }

    static ServiceError unauthorized() {
        return new ServiceError(401, "Unauthorized", null, "AKV10000: Request is missing a Bearer or PoP token.");
    }

    static ServiceError tokenExpired() {
        return new ServiceError(401, "Unauthorized", null, "AKV10022: Invalid or expired Bearer or PoP token.");
    }

    static ServiceError invalidAudience() {
        return new ServiceError(
                401,
                "Unauthorized",
                null,
                "AKV10022: Invalid audience. Expected https://vault.azure.net, found another resource.");
    }

    static ServiceError notFound(Kind kind, String name) {
        return new ServiceError(
                404,
                kind.title() + "NotFound",
                null,
                "A %s with (name/id) %s was not found in this key vault. If you recently deleted this %s you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"
                        .formatted(kind.word(), name, kind.word()));
    }

    static ServiceError notDeleted(Kind kind, String name) {
        return new ServiceError(
                404, kind.title() + "NotFound", null, "Deleted %s not found: %s".formatted(kind.title(), name));
    }

    static ServiceError badParameter(String message) {
        return new ServiceError(400, "BadParameter", null, message);
    }

    static ServiceError restoreConflict(Kind kind, String name) {
        return new ServiceError(
                409, "Conflict", null, "There was a conflict restoring the %s '%s'".formatted(kind.word(), name));
    }

    static ServiceError deletedButRecoverable(Kind kind, String name) {
        return new ServiceError(
                409,
                "Conflict",
                "ObjectIsDeletedButRecoverable",
                "%s %s is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the %s can only be recovered or purged."
                        .formatted(kind.title(), name, kind.word()));
    }

    static ServiceError beingRecovered(Kind kind, String name) {
        return new ServiceError(
                409,
                "Conflict",
                "ObjectIsBeingRecovered",
                "%s %s is currently being recovered; retry later.".formatted(kind.title(), name));
    }

    static ServiceError beingDeleted(Kind kind) {
        return new ServiceError(
                409, "Conflict", "ObjectIsBeingDeleted", "%s is currently being deleted.".formatted(kind.title()));
    }

    static ServiceError malformedBackup() {
        return badParameter("Backup blob contains invalid or corrupt version.");
    }

    static ServiceError managed(String operation, Kind kind) {
        return new ServiceError(
                403,
                "Forbidden",
                null,
                "Operation \"%s\" is not allowed on this %s, since it is associated with a certificate. Perform the operation on the corresponding certificate."
                        .formatted(operation, kind.title()));
    }

    static ServiceError disabled(String operation, Kind kind) {
        return new ServiceError(
                403,
                "Forbidden",
                kind.title() + "Disabled",
                "Operation %s is not allowed on a disabled %s.".formatted(operation, kind.word()));
    }
}
