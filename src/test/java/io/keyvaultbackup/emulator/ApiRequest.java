package io.keyvaultbackup.emulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, understood.
 *
 * @param kind null only for {@link Operation#UNKNOWN}
 * @param name the object's name as the address gives it; empty where the operation has none, as listing and restoring
 * @param version empty: the latest
 */
record ApiRequest(Operation operation, @Nullable Kind kind, String name, String version, Map<String, String> query) {

    Kind requiredKind() {
        Kind present = kind;
        if (present == null) {
            throw new ServiceException(new ServiceError(404, "NotFound", null, "Resource not found."));
        }
        return present;
    }
}
