package io.keyvaultbackup.store;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The general store and those that vaults have of their own, as one. What the general store has of a vault that has its own is not seen, nor what such a
 * one has of other vaults. Safe for use by many threads.
 */
final class RoutedStore implements BackupStore {

    private final Routes<BackupStore> routes;

    RoutedStore(Routes<BackupStore> routes) {
        this.routes = routes;
    }

    @Override
    public StoredBlob put(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
        return routes.ofName(name).put(name, content, metadata, asked);
    }

    @Override
    public boolean putIfProtected(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
        return routes.ofName(name).putIfProtected(name, content, metadata, asked);
    }

    @Override
    public BackupStore ofVault(String vault) {
        return routes.ofVault(vault);
    }

    @Override
    public BackupStore forOneRun() {
        return new RoutedStore(routes.map(BackupStore::forOneRun));
    }

    @Override
    public boolean isProtecting() {
        return routes.made().stream().anyMatch(BackupStore::isProtecting);
    }

    @Override
    public Optional<String> unprotected() {
        return routes.made().stream()
                .flatMap(store -> store.unprotected().stream())
                .findFirst();
    }

    @Override
    public Optional<StoredBlob> find(String name) {
        return routes.ofName(name).find(name);
    }

    @Override
    public InputStream open(String name, @Nullable String version) {
        return routes.ofName(name).open(name, version);
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return routes.list(prefix, BackupStore::list, StoredBlob::name);
    }

    @Override
    public Stream<StoredBlob> listNames(String prefix) {
        return routes.list(prefix, BackupStore::listNames, StoredBlob::name);
    }

    @Override
    public Stream<BlobVersion> listVersions(String prefix) {
        return routes.list(prefix, BackupStore::listVersions, BlobVersion::name);
    }

    @Override
    public Stream<BlobVersion> listVersionNames(String prefix) {
        return routes.list(prefix, BackupStore::listVersionNames, BlobVersion::name);
    }

    /** A vault's own store that can not be asked may have something of it: whoever looks there is told why it can not, at that vault alone. */
    @Override
    public List<String> folders() {
        SortedSet<String> folders = new TreeSet<>(routes.general().folders());
        folders.removeAll(routes.vaults());
        Map<BackupStore, Optional<List<String>>> asked = new HashMap<>();
        for (String vault : routes.vaults()) {
            if (hasPerhaps(vault, asked)) {
                folders.add(vault);
            }
        }
        return List.copyOf(folders);
    }

    private boolean hasPerhaps(String vault, Map<BackupStore, Optional<List<String>>> asked) {
        try {
            return asked.computeIfAbsent(routes.ofVault(vault), RoutedStore::foldersOf)
                    .map(folders -> folders.contains(vault))
                    .orElse(true);
        } catch (StoreException notMade) {
            return true;
        }
    }

    private static Optional<List<String>> foldersOf(BackupStore store) {
        try {
            return Optional.of(store.folders());
        } catch (StoreException unreachable) {
            return Optional.empty();
        }
    }

    @Override
    public String location() {
        return routes.general().location();
    }

    @Override
    public String toString() {
        return routes.general() + " and those of " + String.join(", ", routes.vaults());
    }
}
