package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The file beside a blob that holds its metadata: a JSON object, sorted by name, the same bytes for the same entries. */
final class Sidecar {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> ENTRIES = new TypeReference<>() {};

    private Sidecar() {}

    static Path of(Path blob) {
        return blob.resolveSibling(blob.getFileName() + BlobName.METADATA_SUFFIX);
    }

    static byte[] bytes(SortedMap<String, String> metadata) {
        return JSON.writeValueAsBytes(metadata);
    }

    /**
     * The metadata of a blob. Whoever lost or damaged the sidecar has lost what is in it, not the blob: then there is none, and
     * whoever needs an entry sees that it's missing.
     */
    static Map<String, String> read(Path blob) throws IOException {
        try {
            Map<String, String> entries = JSON.readValue(Files.readAllBytes(of(blob)), ENTRIES);
            return isWhole(entries) ? entries : Map.of();
        } catch (NoSuchFileException | JacksonException lost) {
            return Map.of();
        }
    }

    /** JSON has a null for everything, and Jackson passes it on. */
    private static boolean isWhole(@Nullable Map<String, String> entries) {
        return entries != null && entries.values().stream().allMatch(Objects::nonNull);
    }
}
