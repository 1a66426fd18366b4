package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every removal promises, of blobs that its store added. */
public abstract class BlobRemovalContract {

    /** A store that is new and empty, and what removes from it. */
    protected abstract Pair pair();

    public record Pair(BackupStore store, BlobRemoval removal) {}

    @Test
    void removesABlobWithItsMetadataAndNothingElse() throws IOException {
        Pair pair = pair();
        put(pair, "vault/s1/secret/db.1", "one");
        put(pair, "vault/s1/secret/db.1.2", "two");
        put(pair, "vault/s1/secret/db.10", "ten");

        pair.removal().remove(listed(pair, "vault/s1/secret/db.1").getFirst(), () -> {});

        assertThat(names(pair, "")).containsExactly("vault/s1/secret/db.1.2", "vault/s1/secret/db.10");
        assertThat(pair.store().find("vault/s1/secret/db.1")).isEmpty();
        assertThat(pair.store().find("vault/s1/secret/db.10").orElseThrow().metadata())
                .containsEntry("kind", "secret");
        try (InputStream bytes = pair.store().open("vault/s1/secret/db.10")) {
            assertThat(bytes.readAllBytes()).isEqualTo(bytes("ten"));
        }
    }

    @Test
    void listsWhatTheStoreListsWithMetadata() {
        Pair pair = pair();
        put(pair, "vault/s1/secret/a.1", "one");
        put(pair, "vault/s2/secret/a.1", "two");
        put(pair, "vault/manifests/s1.1.json", "{}");

        List<StoredBlob> listed = listed(pair, "vault/s");

        assertThat(listed).extracting(StoredBlob::name).containsExactly("vault/s1/secret/a.1", "vault/s2/secret/a.1");
        assertThat(listed).allSatisfy(blob -> {
            assertThat(blob.size()).isEqualTo(3);
            assertThat(blob.metadata()).containsEntry("kind", "secret").containsKey(StoredBlob.SHA_256);
            assertThat(blob.protection()).isEqualTo(Protection.NONE);
        });
    }

    @Test
    void countsWhatIsNotThereAnyMoreAsRemoved() {
        Pair pair = pair();
        put(pair, "vault/s1/secret/a.1", "one");
        StoredBlob blob = listed(pair, "vault/").getFirst();
        pair.removal().remove(blob, () -> {});

        pair.removal().remove(blob, () -> {});
        pair.removal().remove(new StoredBlob("vault/s9/key/never.1", 1, null, Map.of()), () -> {});

        assertThat(names(pair, "")).isEmpty();
    }

    @Test
    void givesTheNameFree() {
        Pair pair = pair();
        put(pair, "vault/s1/secret/a.1", "one");
        pair.removal().remove(listed(pair, "vault/").getFirst(), () -> {});

        put(pair, "vault/s1/secret/a.1", "another");

        assertThat(names(pair, "")).containsExactly("vault/s1/secret/a.1");
        assertThat(pair.store().find("vault/s1/secret/a.1").orElseThrow().size())
                .isEqualTo(7);
    }

    @Test
    void removesManyAtOnceWhileOthersAreAdded() throws Exception {
        Pair pair = pair();
        List<StoredBlob> going = IntStream.range(0, 40)
                .mapToObj(number -> put(pair, "vault/s1/secret/old" + number + ".1", "old"))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> deeds = IntStream.range(0, 80)
                    .<Callable<Object>>mapToObj(number -> () -> {
                        if (number % 2 == 0) {
                            pair.removal().remove(going.get(number / 2), () -> {});
                            return number;
                        }
                        return put(pair, "vault/s2/secret/new" + number + ".1", "new");
                    })
                    .toList();
            for (var done : threads.invokeAll(deeds)) {
                done.get();
            }
        }

        assertThat(names(pair, "vault/s1/")).isEmpty();
        assertThat(names(pair, "vault/s2/")).hasSize(40);
    }

    @Test
    void removesNothingIfItIsToldNotToGoOn() {
        Pair pair = pair();
        put(pair, "vault/s1/secret/a.1", "one");
        StoredBlob blob = listed(pair, "vault/").getFirst();

        assertThatThrownBy(() -> pair.removal().remove(blob, () -> {
                    throw new IllegalStateException("not any more");
                }))
                .hasMessage("not any more");

        assertThat(names(pair, "")).containsExactly("vault/s1/secret/a.1");
    }

    @Test
    void takesNoNameThatIsNone() {
        Pair pair = pair();
        for (String name : List.of("", "/", "../outside", "a/../b", ".locks/1", "vault/", "a.meta")) {
            assertThatThrownBy(() -> pair.removal().remove(new StoredBlob(name, 1, null, Map.of()), () -> {}))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static StoredBlob put(Pair pair, String name, String text) {
        return pair.store().put(name, BlobContent.of(bytes(text)), Map.of("kind", "secret"));
    }

    private static List<StoredBlob> listed(Pair pair, String prefix) {
        try (Stream<StoredBlob> blobs = pair.removal().list(prefix)) {
            return blobs.toList();
        }
    }

    private static List<String> names(Pair pair, String prefix) {
        try (Stream<StoredBlob> blobs = pair.store().list(prefix)) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
