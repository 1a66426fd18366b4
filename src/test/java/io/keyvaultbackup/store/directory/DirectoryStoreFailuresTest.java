package io.keyvaultbackup.store.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a directory: what lies in it, and what can go wrong with it. */
class DirectoryStoreFailuresTest {

    private static final BlobContent BYTES = BlobContent.of(new byte[] {1, 2, 3});
    private static final BlobContent OTHERS = BlobContent.of(new byte[] {4, 5, 6});

    @TempDir
    private Path directory;

    @Test
    void keepsBytesAndMetadataAsFilesForTheirOwnerOnly() throws IOException {
        Path root = directory.resolve("store");

        new DirectoryStore(root).put("vault/secret/db.1", BYTES, Map.of("kind", "secret", "began", "1"));

        assertThat(root.resolve("vault/secret/db.1")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(root.resolve("vault/secret/db.1.meta"))
                .hasContent("{\"began\":\"1\",\"kind\":\"secret\",\"sha256\":\"" + BYTES.sha256() + "\"}");
        assertThat(filesIn(root.resolve("vault/secret"))).containsExactly("db.1", "db.1.meta");
        for (String file : List.of("vault/secret/db.1", "vault/secret/db.1.meta")) {
            assertThat(permissions(root.resolve(file))).isEqualTo("rw-------");
        }
        for (String made : List.of("", "vault", "vault/secret", ".locks")) {
            assertThat(permissions(root.resolve(made))).isEqualTo("rwx------");
        }
    }

    @Test
    void seesNothingOfWhatACrashLeft() throws IOException {
        BackupStore store = store();
        store.put("vault/a", BYTES, Map.of());
        Path vault = directory.resolve("store/vault");
        Files.write(vault.resolve(".5d1e1c7a-1f0e-4f4e-8a5b-d5f0a7d6c001.tmp"), new byte[] {1});
        Files.writeString(vault.resolve("b.meta"), "{\"sha256\":\"of bytes that never came\",\"began\":\"0\"}");

        assertThat(names(store)).containsExactly("vault/a");
        assertThat(store.find("vault/b")).isEmpty();

        StoredBlob put = store.put("vault/b", OTHERS, Map.of("began", "1"));

        assertThat(store.find("vault/b")).contains(put);
        assertThat(put.metadata()).isEqualTo(Map.of("began", "1", StoredBlob.SHA_256, OTHERS.sha256()));
        assertThat(names(store)).containsExactly("vault/a", "vault/b");
    }

    @Test
    void givesABlobItsMetadataBackWhenItIsPutAgain() throws IOException {
        BackupStore store = store();
        StoredBlob put = store.put("a", BYTES, Map.of("kind", "key"));
        for (String damage : List.of("", "{\"sha2", "[]", "null", "{\"kind\":null}")) {
            Files.writeString(directory.resolve("store/a.meta"), damage);
            assertThat(store.find("a")).get().extracting(StoredBlob::metadata).isEqualTo(Map.of());
            assertThat(names(store)).containsExactly("a");

            assertThat(store.put("a", BYTES, Map.of("kind", "key"))).isEqualTo(put);
            assertThat(store.find("a")).contains(put);
        }
        Files.delete(directory.resolve("store/a.meta"));

        assertThat(store.find("a")).get().extracting(StoredBlob::metadata).isEqualTo(Map.of());
        assertThat(store.put("a", BYTES, Map.of("kind", "key"))).isEqualTo(put);
        assertThat(store.find("a")).contains(put);
    }

    @Test
    void noticesThatTheBytesInTheFileAreOthersWhateverTheMetadataSays() throws IOException {
        BackupStore store = store();
        store.put("a", BYTES, Map.of());
        Files.write(directory.resolve("store/a"), new byte[] {9, 9, 9});

        assertFails(FailureReason.STORE_CONFLICT, "with other bytes", () -> store.put("a", BYTES, Map.of()));
    }

    @Test
    void leavesNothingBehindWhenThePutFails() throws IOException {
        BackupStore store = store();
        store.put("vault/before", BYTES, Map.of());
        BlobContent breaking = new BlobContent(BlobThatBreaks::new, 10, BYTES.sha256());

        assertFails(
                FailureReason.STORE_UNAVAILABLE, "the source broke", () -> store.put("vault/a", breaking, Map.of()));
        assertFails(FailureReason.STORE_CONFLICT, "other bytes", () -> store.put("vault/before", OTHERS, Map.of()));

        assertThat(filesIn(directory.resolve("store/vault"))).containsExactly("before", "before.meta");
    }

    @Test
    void hasNoBlobBelowABlobNorAboveOne() {
        BackupStore store = store();
        store.put("a", BYTES, Map.of());
        store.put("b/c", BYTES, Map.of());

        assertFails(FailureReason.STORE_CONFLICT, "is a blob, so", () -> store.put("a/b", BYTES, Map.of()));
        assertFails(FailureReason.STORE_CONFLICT, "is no blob", () -> store.put("b", BYTES, Map.of()));
    }

    @Test
    void worksWithoutHardLinks() {
        BackupStore store = new DirectoryStore(directory.resolve("store"), (link, existing) -> {
            throw new FileSystemException(link.toString(), existing.toString(), "Operation not permitted");
        });

        StoredBlob first = store.put("a", BYTES, Map.of("kind", "key"));

        assertThat(store.find("a")).contains(first);
        assertThat(store.put("a", BYTES, Map.of())).isEqualTo(first);
        assertFails(FailureReason.STORE_CONFLICT, "other bytes", () -> store.put("a", OTHERS, Map.of()));
        assertThat(store.find("a")).contains(first);
    }

    @Test
    void isEmptyWhileItIsNotMade() {
        BackupStore store = store();

        assertThat(names(store)).isEmpty();
        assertThat(store.find("a")).isEmpty();
        assertFails(FailureReason.NOT_FOUND, "there is no blob", () -> store.open("a"));
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void saysThatTheDirectoryAboveIsMissing() {
        BackupStore store = new DirectoryStore(directory.resolve("missing/store"));

        for (ThrowingCallable call : everyCall(store)) {
            assertFails(FailureReason.STORE_NOT_FOUND, "does not exist: " + directory.resolve("missing"), call);
        }
        assertThat(directory.resolve("missing")).doesNotExist();
    }

    @Test
    void saysThatItIsAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        BackupStore store = new DirectoryStore(file);

        for (ThrowingCallable call : everyCall(store)) {
            assertFails(FailureReason.STORE_NOT_FOUND, file + " is a file, not a directory", call);
        }
    }

    @Test
    void saysThatTheDiskIsFullAndKeepsWhatIsThere() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        try (Mount _ = Mount.ofOneMegabyte(disk)) {
            BackupStore store = new DirectoryStore(disk);
            store.put("small", BYTES, Map.of());

            assertFails(
                    FailureReason.STORE_FULL,
                    disk.resolve("large").toString(),
                    () -> store.put("large", BlobContent.of(new byte[2 * 1024 * 1024]), Map.of()));

            assertThat(names(store)).containsExactly("small");
            assertThat(filesIn(disk)).containsExactly(".locks", "small", "small.meta");
            store.put("room-again", OTHERS, Map.of());
        }
    }

    @Test
    void saysThatItMayNotWrite() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        try (Mount mount = Mount.ofOneMegabyte(disk)) {
            BackupStore store = new DirectoryStore(disk);
            store.put("a", BYTES, Map.of());
            mount.makeReadOnly();

            assertFails(
                    FailureReason.STORE_NOT_AUTHORISED, "Read-only file system", () -> store.put("b", BYTES, Map.of()));
            assertThat(names(store)).containsExactly("a");
        }
    }

    private BackupStore store() {
        return new DirectoryStore(directory.resolve("store"));
    }

    private static List<ThrowingCallable> everyCall(BackupStore store) {
        return List.of(
                () -> store.put("a", BYTES, Map.of()),
                () -> store.find("a"),
                () -> store.open("a"),
                () -> store.list(""));
    }

    private static void assertFails(FailureReason reason, String saying, ThrowingCallable call) {
        StoreException failed = Assertions.catchThrowableOfType(StoreException.class, call);
        assertThat(failed).as("fails with %s", reason).isNotNull();
        assertThat(failed.failure().reason()).as(failed.getMessage()).isEqualTo(reason);
        assertThat(failed).hasMessageContaining(saying);
    }

    private static List<String> names(BackupStore store) {
        try (Stream<StoredBlob> blobs = store.list("")) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static final class BlobThatBreaks extends InputStream {
        private int left = 5;

        @Override
        public int read() throws IOException {
            if (left-- > 0) {
                return 1;
            }
            throw new IOException("the source broke");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            buffer[offset] = (byte) read();
            return 1;
        }
    }
}
