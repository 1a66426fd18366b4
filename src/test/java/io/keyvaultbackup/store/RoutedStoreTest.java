package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.store.directory.DirectoryRemoval;
import io.keyvaultbackup.store.directory.DirectoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that stands for several is one: all that a store promises, whatever place a name's first part routes to. */
class RoutedStoreTest extends BackupStoreContract {

    private static final StoreKind DIRECTORIES = new StoreKind() {
        @Override
        public boolean isOf(StoreProperties properties) {
            return properties.directory() != null;
        }

        @Override
        public StorePlace place(StoreProperties properties) {
            return new DirectoryPlace(Objects.requireNonNull(properties.directory()));
        }
    };

    @TempDir
    Path directory;

    private record DirectoryPlace(Path root) implements StorePlace {
        @Override
        public SeenProtection seenProtection() {
            return new SeenProtection(root.toString(), false, false, false, null);
        }

        @Override
        public BackupStore store() {
            if (root.endsWith("refused")) {
                throw new IllegalArgumentException("AccountKey=hidden");
            }
            return new DirectoryStore(root);
        }

        @Override
        public Leases leases() {
            throw new UnsupportedOperationException("no route to it is asked for here");
        }

        @Override
        public BlobRemoval removal() {
            return new DirectoryRemoval(root);
        }

        @Override
        public BlobProtection protection() {
            throw new UnsupportedOperationException("no route to it is asked for here");
        }

        @Override
        public Examination examination() {
            throw new UnsupportedOperationException("no route to it is asked for here");
        }
    }

    private StoreProperties named(String name) {
        return new StoreProperties(
                directory.resolve(name), null, null, null, null, Duration.ofSeconds(60), null, (@Nullable String) null);
    }

    private StorePlaces places(Map<String, String> own) {
        Map<String, StoreProperties> routes = new TreeMap<>();
        own.forEach((vault, name) -> routes.put(vault, named(name)));
        return new StorePlaces(named("general"), () -> routes, List.of(DIRECTORIES));
    }

    /** The contract's own names are of vaults that have a store of their own, and of some that have none. */
    @Override
    protected BackupStore store() {
        String unique = String.valueOf(System.nanoTime());
        return new StorePlaces(
                        named("general" + unique),
                        () -> Map.of(
                                "vault", named("one" + unique),
                                "a", named("two" + unique),
                                "team-a", named("two" + unique)),
                        List.of(DIRECTORIES))
                .store();
    }

    @Override
    protected List<String> secrets() {
        return List.of();
    }

    private static BlobContent content(String text) {
        return BlobContent.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> namesIn(String place) {
        try (Stream<StoredBlob> blobs = new DirectoryStore(directory.resolve(place)).list("")) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    private static List<String> names(Stream<StoredBlob> blobs) {
        try (blobs) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    @Test
    void whatIsOfAVaultWithAStoreOfItsOwnIsThere() {
        // given
        BackupStore store = places(Map.of("b", "one", "c", "two")).store();

        // when
        for (String name : List.of("a/1", "b/1", "c/1", "fleet/list", "b")) {
            store.put(name, content(name), Map.of());
        }

        // then
        assertThat(namesIn("general")).containsExactly("a/1", "b", "fleet/list");
        assertThat(namesIn("one")).containsExactly("b/1");
        assertThat(namesIn("two")).containsExactly("c/1");
        assertThat(names(store.list(""))).containsExactly("a/1", "b", "b/1", "c/1", "fleet/list");
        assertThat(store.folders()).containsExactly("a", "b", "c", "fleet");
        assertThat(store.location()).endsWith("general");
        assertThat(store.ofVault("b").location()).endsWith("one");
    }

    @Test
    void whatAnyStoreHasOfAVaultThatIsElsewhereIsNotSeen() {
        // given leftovers of vault b in the general store, and of vault a in b's
        new DirectoryStore(directory.resolve("general")).put("b/old", content("b"), Map.of());
        new DirectoryStore(directory.resolve("one")).put("a/other", content("a"), Map.of());
        BackupStore store = places(Map.of("b", "one")).store();

        // then
        assertThat(names(store.list(""))).isEmpty();
        assertThat(store.find("b/old")).isEmpty();
        assertThat(store.folders()).isEmpty();
        assertThat(names(places(Map.of("b", "one")).removal().list(""))).isEmpty();
    }

    @Test
    void oneStoreThatFailsFailsItsOwnVaultAlone() {
        // given a store whose parent directory is not there, and one that can not even be made
        BackupStore store = places(Map.of("b", "not/there", "c", "refused")).store();
        store.put("a/1", content("a"), Map.of());

        // then
        assertThat(names(store.list("a/"))).containsExactly("a/1");
        assertThatThrownBy(() -> store.list("b/")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.list("c/"))
                .isInstanceOf(StoreException.class)
                .hasMessageNotContaining("AccountKey");
        // whoever looks there is told why it can not
        assertThat(store.folders()).containsExactly("a", "b", "c");
    }

    @Test
    void vaultsThatNameOneStoreShareIt() {
        // given one that names the general store, and two that name another
        StorePlaces places = places(Map.of("a", "general", "b", "one", "c", "one"));
        BackupStore store = places.store();

        // then
        assertThat(store.ofVault("b")).isSameAs(store.ofVault("c"));
        assertThat(store.ofVault("a")).isSameAs(store.ofVault("z"));
        assertThat(places(Map.of("a", "general")).store()).isInstanceOf(DirectoryStore.class);
    }

    @Test
    void removesWhereItIs() {
        // given
        StorePlaces places = places(Map.of("b", "one"));
        places.store().put("a/1", content("a"), Map.of());
        StoredBlob ofB = places.store().put("b/1", content("b"), Map.of());

        // when
        places.removal().remove(ofB, () -> {});

        // then
        assertThat(namesIn("one")).isEmpty();
        assertThat(namesIn("general")).containsExactly("a/1");
    }
}
