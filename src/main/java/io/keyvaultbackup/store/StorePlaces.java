package io.keyvaultbackup.store;

import io.keyvaultbackup.examination.Examination;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All places that copies are kept in. Properties that are equal name one place, whoever has them. Safe for use by many threads. */
final class StorePlaces {

    private final StorePlace general;
    private final Map<String, StorePlace> own = new TreeMap<>();
    private final Map<StorePlace, List<String>> vaults = new LinkedHashMap<>();

    StorePlaces(StoreProperties general, StoreRoutes routes, Collection<StoreKind> kinds) {
        Map<StoreProperties, StorePlace> places = new LinkedHashMap<>();
        this.general = places.computeIfAbsent(general, properties -> place(properties, kinds));
        new TreeMap<>(routes.own()).forEach((vault, named) -> {
            StorePlace place = places.computeIfAbsent(named, properties -> place(properties, kinds));
            if (!named.equals(general)) {
                own.put(vault, place);
                vaults.computeIfAbsent(place, none -> new ArrayList<>()).add(vault);
            }
        });
    }

    private static StorePlace place(StoreProperties properties, Collection<StoreKind> kinds) {
        return kinds.stream()
                .filter(kind -> kind.isOf(properties))
                .findFirst()
                .map(kind -> kind.place(properties))
                .orElseThrow(() -> new IllegalArgumentException("no store: " + properties));
    }

    BackupStore store() {
        return own.isEmpty() ? general.store() : new RoutedStore(new Routes<>(general, own, StorePlace::store));
    }

    Leases leases() {
        return own.isEmpty() ? general.leases() : new RoutedLeases(new Routes<>(general, own, StorePlace::leases));
    }

    BlobRemoval removal() {
        return own.isEmpty() ? general.removal() : new RoutedRemoval(new Routes<>(general, own, StorePlace::removal));
    }

    BlobProtection protection() {
        return own.isEmpty()
                ? general.protection()
                : new RoutedProtection(new Routes<>(general, own, StorePlace::protection));
    }

    ProtectionLook protectionLook() {
        return () -> {
            Routes<SeenProtection> seen = new Routes<>(general, own, StorePlace::seenProtection);
            return vault -> {
                try {
                    return seen.ofVault(vault);
                } catch (StoreException notMade) {
                    return SeenProtection.unknown(
                            "store of " + vault, notMade.failure().message());
                }
            };
        };
    }

    /** Of each place, the general one first. */
    List<Examination> examinations() {
        List<Examination> all = new ArrayList<>();
        all.add(general.examination());
        vaults.forEach((place, ofThese) -> all.add(new OwnStoreExamination(place, ofThese)));
        return all;
    }
}
