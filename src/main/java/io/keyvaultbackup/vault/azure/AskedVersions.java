package io.keyvaultbackup.vault.azure;

import com.azure.core.util.Context;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A page of an object's versions that is read out of the JSON by which its answer was examined: the SDK reads each answer three times and writes it twice, and
 * there is one of these for each object. For one call.
 */
final class AskedVersions {

    /** Under which a call's context has it. */
    static final String KEY = "keyvault-backup-asked-versions";

    /** What the parts of an id are when it is split at its slashes: a scheme, nothing, a host, a kind, a name, a version. */
    private static final int VERSION = 5;

    private List<ObjectVersion> versions = List.of();
    private @Nullable String next;

    Context context() {
        return new Context(KEY, this);
    }

    /** @throws VaultException if it is not what the service's API describes */
    void answered(JsonNode page) {
        List<ObjectVersion> read = new ArrayList<>();
        for (JsonNode item : page.path("value")) {
            read.add(version(item));
        }
        versions = List.copyOf(read);
        next = page.path("nextLink").stringValue(null);
    }

    List<ObjectVersion> versions() {
        return versions;
    }

    @Nullable
    String next() {
        return next == null || next.isEmpty() ? null : next;
    }

    private static ObjectVersion version(JsonNode item) {
        JsonNode key = item.path("kid"); // which only keys have
        String[] parts = (key.isString() ? key : item.path("id")).stringValue().split("/", -1);
        if (parts.length <= VERSION || parts[VERSION].isEmpty()) {
            throw Answers.corrupt("listing", "a list of versions with an id that names none", null);
        }
        JsonNode attributes = item.path("attributes");
        JsonNode enabled = attributes.path("enabled");
        if (!isAbsent(enabled) && !enabled.isBoolean()) {
            throw Answers.corrupt("listing", "a version that is neither enabled nor not", null);
        }
        return new ObjectVersion(
                parts[VERSION],
                isAbsent(enabled) || enabled.booleanValue(),
                time(attributes.path("created")),
                time(attributes.path("exp")));
    }

    private static @Nullable Instant time(JsonNode seconds) {
        if (isAbsent(seconds)) {
            return null;
        }
        if (!seconds.isIntegralNumber() || !seconds.canConvertToLong()) {
            throw Answers.corrupt("listing", "a version with a time that is no number of seconds", null);
        }
        try {
            return Instant.ofEpochSecond(seconds.longValue());
        } catch (DateTimeException noTime) {
            throw Answers.corrupt("listing", "a version with a time beyond all time", noTime);
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
