package io.keyvaultbackup.store;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which place is asked by one port: a name's first part is a vault's, and tells. The port of each place is made when it is first asked for, so that one
 * that can not be made fails its own vaults alone. Safe for use by many threads.
 */
final class Routes<T> {

    private final StorePlace general;
    private final Map<String, StorePlace> own;
    private final Function<StorePlace, T> port;
    private final Map<StorePlace, T> made = new ConcurrentHashMap<>();

    Routes(StorePlace general, Map<String, StorePlace> own, Function<StorePlace, T> port) {
        this.general = general;
        this.own = new TreeMap<>(own);
        this.port = port;
    }

    /** The same routes to something else of each port. */
    <U> Routes<U> map(Function<T, U> change) {
        return new Routes<>(general, own, place -> change.apply(at(place)));
    }

    T general() {
        return at(general);
    }

    T ofVault(String vault) {
        return at(own.getOrDefault(vault, general));
    }

    /** @param name of a blob, or a prefix that has the whole of a name's first part */
    T ofName(String name) {
        int end = name.indexOf('/');
        return end < 0 ? general() : ofVault(name.substring(0, end));
    }

    /** The vaults that have a place of their own. */
    Set<String> vaults() {
        return own.keySet();
    }

    /** Those that were asked for as yet. */
    List<T> made() {
        return List.copyOf(made.values());
    }

    /** What the SDK says to a connection string that it does not take may be of that string, and is not told. */
    private T at(StorePlace place) {
        try {
            return made.computeIfAbsent(place, port);
        } catch (IllegalArgumentException refused) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.UNKNOWN,
                            "the store can not be used as it is configured: its connection string or URL is none that the SDK takes"),
                    refused);
        }
    }

    /** Of all places, what is listed with this prefix: of the general one nothing of a vault that has its own, and of such a one only its vaults'. */
    <B> Stream<B> list(String prefix, BiFunction<T, String, Stream<B>> listing, Function<B, String> name) {
        if (prefix.indexOf('/') >= 0 || own.isEmpty()) {
            return listing.apply(ofName(prefix), prefix);
        }
        List<B> all = new ArrayList<>();
        try (Stream<B> ofGeneral = listing.apply(general(), prefix)) {
            ofGeneral
                    .filter(blob -> !own.containsKey(vaultOf(name.apply(blob))))
                    .forEach(all::add);
        }
        for (String vault : own.keySet()) {
            if (vault.startsWith(prefix)) {
                try (Stream<B> ofVault = listing.apply(ofVault(vault), vault + "/")) {
                    ofVault.forEach(all::add);
                }
            }
        }
        all.sort(Comparator.comparing(name));
        return all.stream();
    }

    private static String vaultOf(String name) {
        int end = name.indexOf('/');
        return end < 0 ? "" : name.substring(0, end);
    }
}
