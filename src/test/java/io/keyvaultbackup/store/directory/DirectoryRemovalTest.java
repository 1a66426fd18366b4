package io.keyvaultbackup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobRemovalContract;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRemovalTest extends BlobRemovalContract {

    @TempDir
    Path directory;

    @Override
    protected Pair pair() {
        Path root = directory.resolve("store-" + System.nanoTime());
        return new Pair(new DirectoryStore(root), new DirectoryRemoval(root));
    }

    @Test
    void leavesNeitherSidecarsNorEmptyFolders() throws IOException {
        Path root = directory.resolve("store");
        StoredBlob blob = new DirectoryStore(root).put("vault/s1/secret/a.1", BlobContent.of(bytes("one")), Map.of());
        Files.writeString(directory.resolve("beside"), "stays");

        new DirectoryRemoval(root).remove(blob, () -> {});

        assertThat(root.resolve("vault")).doesNotExist();
        assertThat(root).exists();
        assertThat(directory.resolve("beside")).exists();
    }

    @Test
    void keepsAFolderThatHoldsAnythingElse() throws IOException {
        Path root = directory.resolve("store");
        StoredBlob blob = new DirectoryStore(root).put("vault/s1/secret/a.1", BlobContent.of(bytes("one")), Map.of());
        Files.writeString(root.resolve("vault/s1/.somebody-elses"), "stays");

        new DirectoryRemoval(root).remove(blob, () -> {});

        assertThat(root.resolve("vault/s1/secret")).doesNotExist();
        assertThat(root.resolve("vault/s1/.somebody-elses")).exists();
    }

    @Test
    void takesTheSidecarThatARemoverLeftWhoDied() throws IOException {
        Path root = directory.resolve("store");
        StoredBlob blob = new DirectoryStore(root).put("vault/s1/secret/a.1", BlobContent.of(bytes("one")), Map.of());
        Files.delete(root.resolve("vault/s1/secret/a.1"));

        new DirectoryRemoval(root).remove(blob, () -> {});

        assertThat(root.resolve("vault")).doesNotExist();
    }

    @Test
    void saysThatTheStoreIsNotThere() {
        DirectoryRemoval removal = new DirectoryRemoval(directory.resolve("missing/store"));

        StoreException failed = catchThrowableOfType(
                StoreException.class, () -> removal.remove(new StoredBlob("a/b", 1, null, Map.of()), () -> {}));

        assertThat(failed.failure().reason()).isEqualTo(FailureReason.STORE_NOT_FOUND);
    }
}
