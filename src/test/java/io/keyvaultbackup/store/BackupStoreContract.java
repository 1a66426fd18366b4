package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. A store that passes can take the place of any other. */
public abstract class BackupStoreContract {

    /** The longest that Key Vault and the store's layout make: host, snapshot, kind, an object's name of 127 characters. */
    private static final String LONGEST_OF_LAYOUT = "a".repeat(127)
            + ".managedhsm.azure.net/20261124T030000Z-4f2a9c/certificate/" + "n".repeat(127) + ".1234.12";

    /** A store that is new and empty, another one for each test. */
    protected abstract BackupStore store();

    /** What must never be seen: the key, token or password that the store was given. */
    protected abstract List<String> secrets();

    /** More names than the store lists at once. */
    protected int moreThanOnePage() {
        return 5_100;
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        BackupStore store = store();
        byte[] bytes = text("what the vault returned");

        StoredBlob put =
                store.put("vault/20261124T030000Z-4f2a9c/secret/db.1", BlobContent.of(bytes), Map.of("kind", "secret"));

        assertThat(put.name()).isEqualTo("vault/20261124T030000Z-4f2a9c/secret/db.1");
        assertThat(put.size()).isEqualTo(bytes.length);
        assertThat(put.metadata()).containsEntry("kind", "secret").containsEntry(StoredBlob.SHA_256, sha256(bytes));
        assertThat(store.find(put.name())).contains(put);
        assertThat(bytesOf(store, put.name())).isEqualTo(bytes);
        assertThat(listed(store, "")).containsExactly(put);
    }

    @Test
    void keepsEveryByteAsItIs() throws IOException {
        BackupStore store = store();
        byte[] everyByte = new byte[256];
        IntStream.range(0, 256).forEach(value -> everyByte[value] = (byte) value);

        store.put("every-byte", BlobContent.of(everyByte), Map.of());
        store.put("line-ends", BlobContent.of(text("a\r\nb\nc\r")), Map.of());

        assertThat(bytesOf(store, "every-byte")).isEqualTo(everyByte);
        assertThat(bytesOf(store, "line-ends")).isEqualTo(text("a\r\nb\nc\r"));
    }

    @Test
    void keepsNothingAtAll() throws IOException {
        BackupStore store = store();

        store.put("empty", BlobContent.of(new byte[0]), Map.of());

        assertThat(store.find("empty")).get().extracting(StoredBlob::size).isEqualTo(0L);
        assertThat(bytesOf(store, "empty")).isEmpty();
    }

    @Test
    void keeps16Megabytes() throws IOException {
        BackupStore store = store();
        byte[] large = random(16 * 1024 * 1024, 1);

        store.put("large", BlobContent.of(large), Map.of());

        assertThat(sha256(bytesOf(store, "large"))).isEqualTo(sha256(large));
        assertThat(store.find("large")).get().extracting(StoredBlob::size).isEqualTo((long) large.length);
    }

    @Test
    void takesTheSameBytesAgainAndLeavesWhatIsThere() {
        BackupStore store = store();
        StoredBlob first = store.put("again", BlobContent.of(text("same")), Map.of("began", "1"));

        StoredBlob second = store.put("again", BlobContent.of(text("same")), Map.of("began", "2"));

        assertThat(second).isEqualTo(first);
        assertThat(store.find("again")).contains(first);
    }

    @Test
    void refusesOtherBytesUnderTheSameNameAndKeepsTheFirst() throws IOException {
        BackupStore store = store();
        StoredBlob first = store.put("taken", BlobContent.of(text("first")), Map.of("began", "1"));

        for (String other : List.of("other", "longer than the first", "")) {
            assertFails(
                    FailureReason.STORE_CONFLICT,
                    () -> store.put("taken", BlobContent.of(text(other)), Map.of("began", "2")));
        }

        assertThat(bytesOf(store, "taken")).isEqualTo(text("first"));
        assertThat(store.find("taken")).contains(first);
    }

    @Test
    void letsExactlyOneOf32WritersHaveAName() throws Exception {
        BackupStore store = store();
        store.put("before", BlobContent.of(text("makes the connection")), Map.of());

        List<Object> outcomes = race(
                32,
                writer -> store.put(
                        "vault/raced", BlobContent.of(random(20_000, writer)), Map.of("writer", "w" + writer)));

        List<StoredBlob> winners = only(StoredBlob.class, outcomes);
        assertThat(winners).hasSize(1);
        assertThat(only(StoreException.class, outcomes))
                .hasSize(31)
                .allSatisfy(lost -> assertThat(lost.failure().reason()).isEqualTo(FailureReason.STORE_CONFLICT));
        assertThat(store.find("vault/raced")).contains(winners.getFirst());
        assertThat(sha256(bytesOf(store, "vault/raced")))
                .isEqualTo(winners.getFirst().metadata().get(StoredBlob.SHA_256));
    }

    @Test
    void letsAllOf32WritersOfTheSameBytesSucceed() throws Exception {
        BackupStore store = store();

        List<Object> outcomes =
                race(32, writer -> store.put("vault/agreed", BlobContent.of(text("the same")), Map.of("kind", "key")));

        assertThat(outcomes).hasSize(32).hasOnlyElementsOfType(StoredBlob.class);
        assertThat(listed(store, "")).hasSize(1);
    }

    @Test
    void addsNothingWhenTheBytesEndEarly() {
        BackupStore store = store();
        BlobContent short3 = BlobContent.of(text("abc"));
        BlobContent said5 = new BlobContent(short3.source(), 5, short3.sha256());

        assertFails(FailureReason.UNKNOWN, () -> store.put("cut-off", said5, Map.of()));

        assertThat(store.find("cut-off")).isEmpty();
        assertThat(listed(store, "")).isEmpty();
    }

    @Test
    void listsByPrefixSortedByTheWholeName() {
        BackupStore store = store();
        List<String> names =
                List.of("v/a-b", "v/a.b", "v/a/z", "v/a/zz/1", "v/a0", "v/aB", "v/a_b", "v/ab", "v2/a", "w/1", "Z");
        names.reversed().forEach(name -> store.put(name, BlobContent.of(text(name)), Map.of("at", name)));

        assertThat(names(store, ""))
                .containsExactly(
                        "Z", "v/a-b", "v/a.b", "v/a/z", "v/a/zz/1", "v/a0", "v/aB", "v/a_b", "v/ab", "v2/a", "w/1");
        assertThat(names(store, "v/")).containsExactlyElementsOf(names.subList(0, 8));
        assertThat(names(store, "v")).containsExactlyElementsOf(names.subList(0, 9));
        assertThat(names(store, "v/a/z")).containsExactly("v/a/z", "v/a/zz/1");
        assertThat(names(store, "v/a/")).containsExactly("v/a/z", "v/a/zz/1");
        assertThat(names(store, "v/a/zz/1")).containsExactly("v/a/zz/1");
        assertThat(names(store, "v/a/zz/1/")).isEmpty();
        assertThat(names(store, "nothing/")).isEmpty();
        assertThat(names(store, "../")).isEmpty();
        assertThat(listed(store, "v/a"))
                .allSatisfy(blob -> assertThat(blob.metadata()).containsEntry("at", blob.name()));
    }

    @Test
    void listsTheSameWithoutMetadataWhereOnlyNamesAreWanted() {
        BackupStore store = store();
        for (String name : List.of("v/a/one", "v/a/three", "v/b", "w")) {
            store.put(name, BlobContent.of(text(name)), Map.of("at", name));
        }

        try (Stream<StoredBlob> blobs = store.listNames("v/")) {
            assertThat(blobs)
                    .allSatisfy(blob -> assertThat(blob.metadata()).isEmpty())
                    .extracting(StoredBlob::name, StoredBlob::size)
                    .containsExactly(tuple("v/a/one", 7L), tuple("v/a/three", 9L), tuple("v/b", 3L));
        }
    }

    @Test
    void tellsItsFolders() {
        BackupStore store = store();
        assertThat(store.folders()).isEmpty();

        for (String name : List.of("b/one", "a.vault.azure.net/manifests/x.json", "b/two/three", "at-the-root")) {
            store.put(name, BlobContent.of(text(name)), Map.of());
        }

        assertThat(store.folders()).containsExactly("a.vault.azure.net", "b");
    }

    @Test
    void listsMoreThanOnePage() throws Exception {
        BackupStore store = store();
        List<String> names = IntStream.range(0, moreThanOnePage())
                .mapToObj(number -> String.format("vault/%02d/%06d", number % 7, number))
                .sorted()
                .toList();
        eachAtOnce(names, name -> store.put(name, BlobContent.of(text(name)), Map.of()));

        assertThat(names(store, "")).containsExactlyElementsOf(names);
        try (Stream<StoredBlob> blobs = store.list("vault/")) {
            assertThat(blobs.limit(3).map(StoredBlob::name)).containsExactlyElementsOf(names.subList(0, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abcdefghijklmnopqrstuvwxyz/ABCDEFGHIJKLMNOPQRSTUVWXYZ/0123456789",
                "a.b.c/-x/_y/a..b/--/__",
                "one",
                "my-vault.vault.azure.net/manifests/20261124T030000Z-4f2a9c.1.json.jws"
            })
    void takesEveryLegalCharacter(String name) throws IOException {
        assertHoldsUnder(name);
    }

    @Test
    void takesTheLongestNames() throws IOException {
        assertHoldsUnder(LONGEST_OF_LAYOUT);
        assertHoldsUnder("p".repeat(250) + "/" + "q".repeat(250) + "/" + "r".repeat(250) + "/" + "s".repeat(250)
                + "/t123456789012345678");
    }

    private void assertHoldsUnder(String name) throws IOException {
        BackupStore store = store();

        store.put(name, BlobContent.of(text(name)), Map.of());

        assertThat(bytesOf(store, name)).isEqualTo(text(name));
        assertThat(names(store, "")).containsExactly(name);
        assertThat(names(store, name)).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                "a/./b",
                ".hidden",
                "a/.hidden/b",
                "a.",
                "a./b",
                "a.meta",
                "a.meta/b",
                "a b",
                "a\\b",
                "C:\\a",
                "a\nb",
                "a\0b",
                "ä",
                "a%2e",
                "a?b",
                "a#b",
                "a+b",
                "a:b",
                "a*b"
            })
    void refusesWhatIsNoName(String name) {
        BackupStore store = store();

        assertIllegal(() -> store.put(name, BlobContent.of(text("x")), Map.of()));
        assertIllegal(() -> store.find(name));
        assertIllegal(() -> store.open(name));
        assertThat(listed(store, "")).isEmpty();
    }

    @Test
    void refusesNamesThatAreTooLong() {
        BackupStore store = store();

        assertIllegal(() -> store.find("a".repeat(251)));
        assertIllegal(() -> store.find("a/".repeat(512) + "a"));
    }

    @Test
    void keepsMetadata() {
        BackupStore store = store();
        Map<String, String> metadata = Map.of(
                "kind", "certificate",
                "object", "www-example-com",
                "token", "f".repeat(64),
                "began", "2026-11-24T03:00:01.5Z",
                "odd", "a=b; c, \"d\" {e} <f> & %20 \\ +");

        store.put("described", BlobContent.of(text("x")), metadata);

        assertThat(store.find("described"))
                .get()
                .satisfies(found -> assertThat(found.metadata())
                        .containsAllEntriesOf(metadata)
                        .hasSize(metadata.size() + 1));
        assertThat(listed(store, "described"))
                .singleElement()
                .satisfies(found -> assertThat(found.metadata())
                        .containsAllEntriesOf(metadata)
                        .hasSize(metadata.size() + 1));
    }

    @Test
    void writesTheSha256OfTheBytesWhateverItIsTold() {
        BackupStore store = store();

        store.put("honest", BlobContent.of(text("x")), Map.of(StoredBlob.SHA_256, "made-up"));

        assertThat(store.find("honest"))
                .get()
                .satisfies(found -> assertThat(found.metadata()).containsEntry(StoredBlob.SHA_256, sha256(text("x"))));
    }

    @Test
    void refusesMetadataThatNotEveryStoreCanKeep() {
        BackupStore store = store();

        for (Map<String, String> metadata : List.of(
                Map.of("Kind", "x"),
                Map.of("1", "x"),
                Map.of("a-b", "x"),
                Map.of("", "x"),
                Map.of("a", ""),
                Map.of("a", " x"),
                Map.of("a", "x\n"),
                Map.of("a", "ü"),
                Map.of("a", "x".repeat(8_192)))) {
            assertIllegal(() -> store.put("undescribed", BlobContent.of(text("x")), metadata));
        }
        assertThat(store.find("undescribed")).isEmpty();
    }

    @Test
    void tellsWhatIsNotThere() {
        BackupStore store = store();
        store.put("vault/a", BlobContent.of(text("x")), Map.of());

        for (String missing : List.of("vault/b", "vault", "other/a")) {
            assertThat(store.find(missing)).isEmpty();
            assertFails(FailureReason.NOT_FOUND, () -> store.open(missing));
        }
    }

    @Test
    void saysWhereItIsWithoutSecrets() {
        BackupStore store = store();

        assertThat(store.location()).isNotBlank();
        for (String secret : secrets()) {
            assertThat(store.location()).doesNotContain(secret);
            assertThat(store.toString()).doesNotContain(secret);
        }
    }

    protected static void assertIllegal(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    protected static StoreException assertFails(FailureReason reason, ThrowingCallable call) {
        StoreException failed = catchThrowableOfType(StoreException.class, call);
        assertThat(failed).as("fails with %s", reason).isNotNull();
        assertThat(failed.failure().reason()).as(failed.getMessage()).isEqualTo(reason);
        return failed;
    }

    protected static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static byte[] bytesOf(BackupStore store, String name) throws IOException {
        try (InputStream input = store.open(name)) {
            return input.readAllBytes();
        }
    }

    protected static List<StoredBlob> listed(BackupStore store, String prefix) {
        try (Stream<StoredBlob> blobs = store.list(prefix)) {
            return blobs.toList();
        }
    }

    protected static List<String> names(BackupStore store, String prefix) {
        return listed(store, prefix).stream().map(StoredBlob::name).toList();
    }

    private static String sha256(byte[] bytes) {
        return BlobContent.of(bytes).sha256();
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static <T> List<T> only(Class<T> type, List<Object> outcomes) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Something a writer does, by the writer's number or by a name. */
    @FunctionalInterface
    protected interface Put<N> {
        StoredBlob by(N writer);
    }

    /** What each writer got, a blob or an exception, when all set off together. */
    protected static List<Object> race(int writers, Put<Integer> put) throws Exception {
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<StoredBlob>> calls = IntStream.range(0, writers)
                .<Callable<StoredBlob>>mapToObj(writer -> () -> {
                    start.await();
                    return put.by(writer);
                })
                .toList();
        return outcomes(calls, writers);
    }

    private static void eachAtOnce(List<String> names, Put<String> put) throws Exception {
        List<Callable<StoredBlob>> calls = names.stream()
                .<Callable<StoredBlob>>map(name -> () -> put.by(name))
                .toList();
        assertThat(only(StoredBlob.class, outcomes(calls, 16))).hasSize(names.size());
    }

    private static List<Object> outcomes(List<Callable<StoredBlob>> calls, int threads) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            return executor.invokeAll(calls).stream()
                    .map(BackupStoreContract::outcome)
                    .toList();
        }
    }

    private static Object outcome(Future<StoredBlob> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            return Objects.requireNonNullElse(failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("nobody interrupts a test", interrupted);
        }
    }
}
