package io.keyvaultbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From where to where: what verbs take that look at vaults and the store. */
final class PlacesOptions {

    @Option(
            names = "--vault",
            paramLabel = "VAULT",
            description = "A vault's name or address. May be given more than once.")
    private List<String> vaults = new ArrayList<>();

    @Mixin
    private StoreOption store = new StoreOption();

    /** Whether vaults are named on the command line. */
    boolean nameVaults() {
        return !vaults.isEmpty();
    }

    /** Where the copies are, as it was given, for another verb. */
    List<String> storeArguments() {
        return store.arguments();
    }

    /** Adds the properties that they stand for; the store stands in place of whatever store is configured. */
    void addTo(Map<String, String> properties) {
        list(properties, "vaults", vaults);
        store.addTo(properties);
    }

    /** Adds each value of a list as a property of its own. */
    static void list(Map<String, String> properties, String name, List<String> values) {
        for (int index = 0; index < values.size(); index++) {
            properties.put("keyvault-backup." + name + "[" + index + "]", values.get(index));
        }
    }
}
