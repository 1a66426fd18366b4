package io.keyvaultbackup.reliability;

import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.models.ListBlobsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a store holds, read without the program: as plain files, or through the plain Blob SDK. */
public interface KeptBlobs {

    /** A blob that anybody sees who looks. */
    final class Kept {

        private final byte[] bytes;
        private final Map<String, String> metadata;

        Kept(byte[] bytes, Map<String, String> metadata) {
            this.bytes = bytes;
            this.metadata = metadata;
        }

        byte[] bytes() {
            return bytes;
        }

        Map<String, String> metadata() {
            return metadata;
        }
    }

    /** All whose names start so, by name. */
    Map<String, Kept> startingWith(String prefix);

    /** Who has the lease of a vault, if anybody has. */
    Optional<String> leaseHolder(String vaultFolder);

    /** A directory store. */
    static KeptBlobs inDirectory(Path root) {
        return new InDirectory(root);
    }

    /**
     * A container of Blob Storage.
     *
     * @param leases the container of the leases
     */
    static KeptBlobs inContainer(BlobContainerClient blobs, BlobContainerClient leases) {
        return new InContainer(blobs, leases);
    }

    record InDirectory(Path root) implements KeptBlobs {

        private static final JsonMapper JSON = new JsonMapper();

        @Override
        public Map<String, Kept> startingWith(String prefix) {
            Map<String, Kept> kept = new TreeMap<>();
            Path folder = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
            if (!Files.isDirectory(folder)) {
                return kept;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = root.relativize(file).toString();
                    if (name.startsWith(prefix) && !name.contains("/.") && !name.endsWith(".meta")) {
                        kept.put(name, new Kept(Files.readAllBytes(file), metadata(file)));
                    }
                }
                return kept;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private static Map<String, String> metadata(Path file) throws IOException {
            Path beside = file.resolveSibling(file.getFileName() + ".meta");
            try {
                return Files.exists(beside)
                        ? JSON.readValue(Files.readAllBytes(beside), new TypeReference<Map<String, String>>() {})
                        : Map.of();
            } catch (JacksonException damaged) {
                return Map.of("damaged", String.valueOf(damaged.getMessage()));
            }
        }

        @Override
        public Optional<String> leaseHolder(String vaultFolder) {
            Path note = root.resolve(".leases").resolve(vaultFolder);
            try {
                JsonNode holder = Files.exists(note)
                        ? JSON.readTree(Files.readAllBytes(note)).path("holder")
                        : null;
                return holder == null || holder.isNull() || holder.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(holder.toString());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    record InContainer(BlobContainerClient blobs, BlobContainerClient leases) implements KeptBlobs {

        private static final Set<LeaseStateType> ANYBODYS =
                Set.of(LeaseStateType.AVAILABLE, LeaseStateType.EXPIRED, LeaseStateType.BROKEN);

        @Override
        public Map<String, Kept> startingWith(String prefix) {
            Map<String, Kept> kept = new TreeMap<>();
            for (BlobItem item : blobs.listBlobs(new ListBlobsOptions().setPrefix(prefix), null)) {
                BlobClient blob = blobs.getBlobClient(item.getName());
                kept.put(
                        item.getName(),
                        new Kept(
                                blob.downloadContent().toBytes(),
                                blob.getProperties().getMetadata()));
            }
            return kept;
        }

        @Override
        public Optional<String> leaseHolder(String vaultFolder) {
            try {
                LeaseStateType state =
                        leases.getBlobClient(vaultFolder).getProperties().getLeaseState();
                return ANYBODYS.contains(state) ? Optional.empty() : Optional.of("somebody; the service says " + state);
            } catch (BlobStorageException none) {
                if (none.getStatusCode() == 404) {
                    return Optional.empty();
                }
                throw none;
            }
        }
    }
}
