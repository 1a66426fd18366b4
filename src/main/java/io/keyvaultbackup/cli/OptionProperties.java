package io.keyvaultbackup.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options that several verbs share, as the properties that they stand for. */
final class OptionProperties {

    private OptionProperties() {}

    static void list(Map<String, String> properties, String name, List<String> values) {
        for (int index = 0; index < values.size(); index++) {
            properties.put("keyvault-backup." + name + "[" + index + "]", values.get(index));
        }
    }

    /** The option stands in place of whatever store is configured. */
    static void store(Map<String, String> properties, @Nullable String store) {
        if (store != null) {
            boolean container = store.startsWith("https://") || store.startsWith("http://");
            properties.put("keyvault-backup.store.connection-string", "");
            properties.put("keyvault-backup.store.container", "");
            properties.put("keyvault-backup.store.container-url", container ? store : "");
            properties.put("keyvault-backup.store.directory", container ? "" : store);
        }
    }
}
