package io.keyvaultbackup.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the copies are. */
final class StoreOption {

    @Option(
            names = "--store",
            paramLabel = "WHERE",
            description = "Where the copies go: a directory, or the URL of a blob container.")
    private @Nullable String store;

    /** As it was given, for another verb. */
    List<String> arguments() {
        return store == null ? List.of() : List.of("--store=" + store);
    }

    /** Adds the properties that it stands for, in place of whatever store is configured. */
    void addTo(Map<String, String> properties) {
        if (store != null) {
            boolean container = store.startsWith("https://") || store.startsWith("http://");
            properties.put("keyvault-backup.store.connection-string", "");
            properties.put("keyvault-backup.store.container", "");
            properties.put("keyvault-backup.store.container-url", container ? store : "");
            properties.put("keyvault-backup.store.directory", container ? "" : store);
        }
    }
}
