package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From where to where: what verbs take that look at vaults and the store. */
final class PlacesOptions {

    @Option(
            names = "--vault",
            paramLabel = "VAULT",
            description = "A vault's name or address. May be given more than once.")
    private List<String> vaults = new ArrayList<>();

    @Option(
            names = "--store",
            paramLabel = "WHERE",
            description = "Where the copies go: a directory, or the URL of a blob container.")
    private @Nullable String store;

    /** Whether vaults are named on the command line. */
    boolean nameVaults() {
        return !vaults.isEmpty();
    }

    /** Adds the properties that they stand for; the store stands in place of whatever store is configured. */
    void addTo(Map<String, String> properties) {
        list(properties, "vaults", vaults);
        if (store != null) {
            boolean container = store.startsWith("https://") || store.startsWith("http://");
            properties.put("keyvault-backup.store.connection-string", "");
            properties.put("keyvault-backup.store.container", "");
            properties.put("keyvault-backup.store.container-url", container ? store : "");
            properties.put("keyvault-backup.store.directory", container ? "" : store);
        }
    }

    /** Adds each value of a list as a property of its own. */
    static void list(Map<String, String> properties, String name, List<String> values) {
        for (int index = 0; index < values.size(); index++) {
            properties.put("keyvault-backup." + name + "[" + index + "]", values.get(index));
        }
    }
}
