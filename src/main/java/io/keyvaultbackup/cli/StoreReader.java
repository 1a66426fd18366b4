package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.SnapshotReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts as little of the application as reading the store needs: no job database, no vault. */
final class StoreReader {

    private StoreReader() {}

    /** What is done with the catalogue, the vaults in question and one more bean. */
    interface Reading<T> {
        ExitCode read(Catalogue catalogue, List<String> vaults, T more);
    }

    /**
     * Hands over the catalogue and the vaults in question, by their folders' names: those that are named or configured, or else all that the
     * store has.
     *
     * @param problems what is known to be wrong already
     */
    static int read(
            Application application,
            PlacesOptions places,
            CommonOptions common,
            List<String> problems,
            BiFunction<Catalogue, List<String>, ExitCode> reading) {
        return read(
                application,
                places,
                common,
                problems,
                Catalogue.class,
                (catalogue, vaults, same) -> reading.apply(catalogue, vaults));
    }

    /** The same, with one more bean. */
    static <T> int read(
            Application application,
            PlacesOptions places,
            CommonOptions common,
            List<String> problems,
            Class<T> more,
            Reading<T> reading) {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.STORE, problems)) {
            Catalogue catalogue = context.getBean(Catalogue.class);
            List<String> named = ChosenVaults.inStore(context, places).stream()
                    .map(vault -> vault.storeName())
                    .toList();
            return reading.read(catalogue, named.isEmpty() ? catalogue.vaults() : named, context.getBean(more))
                    .number();
        }
    }

    /** The snapshot that an argument names; what is wrong with it is added to the problems, and the latest is meant. */
    static SnapshotReference reference(String argument, List<String> problems) {
        try {
            return SnapshotReference.parse(argument);
        } catch (IllegalArgumentException wrong) {
            problems.add(wrong.getMessage());
            return SnapshotReference.parse("latest");
        }
    }
}
