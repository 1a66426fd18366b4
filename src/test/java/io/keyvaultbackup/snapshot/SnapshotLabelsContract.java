package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What labels promise, whatever the store. */
public abstract class SnapshotLabelsContract {

    private static final String VAULT = "team-a.vault.azure.net";
    private static final SnapshotId NIGHT = new SnapshotId("20261124T030000Z-4f2a9c");
    private static final SnapshotId OTHER = new SnapshotId("20261125T030000Z-0b7d1e");
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final int WRITERS = 6;

    private final KeyPair keys = keys();
    private final Signer signer = new KeyPairSigner(keys);
    private final SignatureKey key = new SignatureKey(keys.getPublic());

    private BackupStore store;
    private SnapshotLabels labels;

    /** A store that is new and empty, another one for each test. */
    protected abstract BackupStore store();

    @SuppressWarnings("NullAway.Init") // JUnit calls begin()
    protected SnapshotLabelsContract() {}

    @BeforeEach
    void begin() {
        store = store();
        labels = with(null, null);
    }

    /** As another process sees the same store. */
    private SnapshotLabels with(@Nullable Signer signer, @Nullable SignatureKey key) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("store", store);
        if (signer != null) {
            beans.addBean("signer", signer);
        }
        beans.addBean("key", key == null ? new SignatureKey(null) : key);
        return new SnapshotLabels(
                beans.getBeanProvider(BackupStore.class),
                beans.getBeanProvider(Signer.class),
                beans.getBeanProvider(SignatureKey.class),
                InstantSource.fixed(NOW),
                Stopwatch.system());
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record KeyPairSigner(KeyPair keys) implements Signer {
        @Override
        public String keyId() {
            return "operators.pem";
        }

        @Override
        public byte[] sign(byte[] sha256) {
            try {
                Signature signature = Signature.getInstance("NONEwithECDSAinP1363Format");
                signature.initSign(keys.getPrivate());
                signature.update(sha256);
                return signature.sign();
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private static LabelChange pin(SnapshotLabels by) {
        return by.change(VAULT, NIGHT, each -> each.withPinned(true));
    }

    private static LabelChange unpin(SnapshotLabels by) {
        return by.change(VAULT, NIGHT, each -> each.withPinned(false));
    }

    private static LabelChange tag(SnapshotLabels by, String tag) {
        return by.change(VAULT, NIGHT, each -> each.and(Labels.of(false, Set.of(tag))));
    }

    private static String file(int number) {
        return new SnapshotNames(VAULT, NIGHT.value()).label(number);
    }

    /** Where the signature of these labels is looked for. */
    private static String signature(int number, String text) {
        return new SnapshotNames(VAULT, NIGHT.value())
                .labelSignature(
                        number,
                        BlobContent.of(text.getBytes(StandardCharsets.UTF_8)).sha256());
    }

    private void put(String name, String text) {
        store.put(name, BlobContent.of(text.getBytes(StandardCharsets.UTF_8)), Map.of());
    }

    private String text(String name) {
        try (InputStream bytes = store.open(name)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private List<String> names() {
        try (Stream<StoredBlob> blobs = store.list("")) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    private static String written(SnapshotId snapshot, int number, Labels labels) {
        return new String(
                new LabelFile(VAULT, snapshot.value(), number, labels, NOW, "someone@somewhere").bytes(),
                StandardCharsets.UTF_8);
    }

    /** What somebody who may only add blobs, and has no key, puts there. */
    private void putUnsigned(int number, Labels said) {
        put(file(number), written(NIGHT, number, said));
    }

    @Test
    void aSnapshotThatNobodyHasLabelledHasNone() {
        assertThat(labels.of(VAULT, NIGHT)).isEqualTo(StoredLabels.NONE);
        assertThat(labels.of(VAULT)).isEmpty();
    }

    @Test
    void aChangeAddsAFileAndRewritesNone() {
        // when
        pin(labels);
        tag(labels, "before-upgrade");
        tag(labels, "audit");
        unpin(labels);

        // then
        assertThat(names()).containsExactly(file(1), file(2), file(3), file(4));
        assertThat(labels.of(VAULT, NIGHT))
                .isEqualTo(new StoredLabels(4, Labels.of(false, Set.of("audit", "before-upgrade")), List.of()));
        JsonNode second = new JsonMapper().readTree(text(file(2)));
        assertThat(second.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(second.path("type").asString()).isEqualTo("labels");
        assertThat(second.path("vault").asString()).isEqualTo(VAULT);
        assertThat(second.path("snapshot").asString()).isEqualTo(NIGHT.value());
        assertThat(second.path("number").asInt()).isEqualTo(2);
        assertThat(second.path("pinned").asBoolean()).isTrue();
        assertThat(second.path("tags")).hasSize(1);
        assertThat(second.path("changedAt").asString()).isEqualTo(NOW.toString());
        assertThat(second.path("by").asString()).startsWith(System.getProperty("user.name") + "@");
    }

    @Test
    void whatIsSoAlreadyIsNotWritten() {
        // given
        pin(labels);

        // when
        LabelChange again = pin(labels);
        LabelChange other = labels.change(VAULT, OTHER, each -> each.withPinned(false));

        // then
        assertThat(again).isEqualTo(new LabelChange(labels.of(VAULT, NIGHT), Labels.of(true, Set.of()), null));
        assertThat(other.file()).isNull();
        assertThat(names()).containsExactly(file(1));
    }

    @Test
    void theLabelsOfAVaultAreThoseOfEachSnapshotThatHasAny() {
        // given two, and what is no file of labels
        pin(labels);
        labels.change(VAULT, OTHER, each -> each.withTags(Set.of("audit")));
        labels.change("team-b.vault.azure.net", NIGHT, each -> each.withTags(Set.of("of-another-vault")));
        put(VAULT + "/labels/readme.txt", "x");
        put(VAULT + "/labels/" + NIGHT + ".0.json", "x");
        put(VAULT + "/labels/" + NIGHT + ".07.json", "x");
        put(VAULT + "/labels/" + NIGHT + ".7.json.bak", "x");

        // then
        assertThat(labels.of(VAULT))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        NIGHT, new StoredLabels(1, Labels.of(true, Set.of()), List.of()),
                        OTHER, new StoredLabels(1, Labels.of(false, Set.of("audit")), List.of())));
    }

    @Test
    void theHighestNumberCountsAlsoBeyondNine() {
        // given
        for (int number = 1; number <= 11; number++) {
            putUnsigned(number, Labels.of(number % 2 == 1, Set.of("t" + number)));
        }

        // then
        assertThat(labels.of(VAULT, NIGHT).labels()).isEqualTo(Labels.of(true, Set.of("t11")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofManyWhoChangeOneSnapshotAtOnceEachIsHeard(boolean signed) throws Exception {
        // given
        CyclicBarrier together = new CyclicBarrier(WRITERS);
        List<Future<LabelChange>> changes = new ArrayList<>();

        // when
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                String tag = "writer-" + writer;
                SnapshotLabels own = signed ? with(signer, key) : with(null, null);
                changes.add(threads.submit(() -> {
                    together.await();
                    return tag(own, tag);
                }));
            }
        }

        // then
        Set<String> files = new TreeSet<>();
        for (Future<LabelChange> change : changes) {
            files.add(String.valueOf(change.get().file()));
        }
        assertThat(files).hasSize(WRITERS).isSubsetOf(names());
        StoredLabels told = with(null, signed ? key : null).of(VAULT, NIGHT);
        assertThat(told.labels().tags())
                .containsExactlyElementsOf(IntStream.range(0, WRITERS)
                        .mapToObj(writer -> "writer-" + writer)
                        .toList());
        assertThat(told.doubts()).isEmpty();
    }

    @Test
    void tagsHaveALimit() {
        List<String> many = IntStream.range(0, 101).mapToObj(tag -> "t" + tag).toList();

        labels.change(VAULT, NIGHT, each -> each.withTags(many.subList(1, 101)));
        assertThatThrownBy(() -> labels.change(VAULT, NIGHT, each -> each.withTags(many)))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("would have 101 tags; at most 100");
        assertThat(labels.of(VAULT, NIGHT).labels().tags()).hasSize(100);
    }

    @Test
    void whereNoNumberIsLeftThatIsSaid() {
        putUnsigned(999_999_999, Labels.of(true, Set.of()));

        assertThatThrownBy(() -> unpin(labels))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("No number follows that of " + file(999_999_999));
    }

    // What can not be read

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"schemaVersion\":1,",
                "[]",
                "{}",
                "{\"schemaVersion\":1,\"type\":\"tombstone\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":\"no\",\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[\"a b\"],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"today\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}}",
                "{\"schemaVersion\":2,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":2,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-a.vault.azure.net\",\"snapshot\":\"20261125T030000Z-0b7d1e\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
                "{\"schemaVersion\":1,\"type\":\"labels\",\"vault\":\"team-b.vault.azure.net\",\"snapshot\":\"20261124T030000Z-4f2a9c\",\"number\":3,\"pinned\":false,\"tags\":[],\"changedAt\":\"2026-11-26T12:00:00Z\"}",
            })
    void labelsThatCannotBeReadCountAsAPinUntilSomebodySettlesThem(String bytes) {
        // given
        tag(labels, "audit");
        tag(labels, "year-end");
        put(file(3), bytes);

        // then
        StoredLabels told = labels.of(VAULT, NIGHT);
        assertThat(told.labels()).isEqualTo(Labels.of(true, Set.of("audit", "year-end")));
        assertThat(told.doubts())
                .singleElement()
                .asString()
                .startsWith(file(3) + " ")
                .endsWith("; until it is settled the snapshot is pinned");

        // and when it is pinned for good
        LabelChange settled = pin(labels);

        // then that is written, although it was pinned already
        assertThat(settled.file()).isEqualTo(file(4));
        assertThat(labels.of(VAULT, NIGHT))
                .isEqualTo(new StoredLabels(4, Labels.of(true, Set.of("audit", "year-end")), List.of()));
    }

    @Test
    void labelsLargerThanAnyAreNotReadWhole() {
        put(file(1), "[\"" + "x".repeat(200_000) + "\"]");

        assertThat(labels.of(VAULT, NIGHT).labels().pinned()).isTrue();
    }

    // Who may take away

    @Test
    void whereAPublicKeyIsGivenWhatIsNotSignedOnlyAdds() {
        // given
        pin(with(signer, key));
        tag(with(signer, key), "audit");

        // when
        putUnsigned(3, Labels.of(false, Set.of("x")));

        // then
        StoredLabels told = with(null, key).of(VAULT, NIGHT);
        assertThat(told.labels()).isEqualTo(Labels.of(true, Set.of("audit", "x")));
        assertThat(told.doubts())
                .containsExactly(
                        file(3)
                                + " is not signed by the owner of the public key: what it adds counts, and what it takes away does not");
        assertThat(labels.of(VAULT, NIGHT).labels()).as("without the key").isEqualTo(Labels.of(false, Set.of("x")));
    }

    @Test
    void aSignedChangeTakesAwayAndSettlesWhatWasInDoubt() {
        // given
        pin(with(signer, key));
        putUnsigned(2, Labels.of(false, Set.of("x")));

        // when
        LabelChange change = unpin(with(signer, key));

        // then
        assertThat(change.before().labels()).isEqualTo(Labels.of(true, Set.of("x")));
        assertThat(names())
                .containsExactlyInAnyOrder(
                        file(1), signature(1, text(file(1))), file(2), file(3), signature(3, text(file(3))));
        assertThat(with(null, key).of(VAULT, NIGHT))
                .isEqualTo(new StoredLabels(3, Labels.of(false, Set.of("x")), List.of()));
    }

    @Test
    void aSignedUnpinningThatIsCopiedToAHigherNumberDoesNotCount() {
        // given
        SnapshotLabels operators = with(signer, key);
        pin(operators);
        unpin(operators);
        pin(operators);

        // when
        put(signature(4, text(file(2))), text(signature(2, text(file(2)))));
        put(file(4), text(file(2)));

        // then
        StoredLabels told = operators.of(VAULT, NIGHT);
        assertThat(told.labels().pinned()).isTrue();
        assertThat(told.doubts()).singleElement().asString().contains(file(4) + " is a copy of number 2 of " + NIGHT);
    }

    @Test
    void aSignedUnpinningOfAnotherSnapshotDoesNotCount() {
        // given both pinned, the other one unpinned
        SnapshotLabels operators = with(signer, key);
        pin(operators);
        operators.change(VAULT, OTHER, each -> each.withPinned(true));
        operators.change(VAULT, OTHER, each -> each.withPinned(false));
        String others = new SnapshotNames(VAULT, OTHER.value()).label(2);

        // when
        put(signature(2, text(others)), text(signature(2, text(others)).replace(NIGHT.value(), OTHER.value())));
        put(file(2), text(others));

        // then
        assertThat(operators.of(VAULT, NIGHT).labels().pinned()).isTrue();
        assertThat(operators.of(VAULT, NIGHT).doubts()).hasSize(1);
    }

    @Test
    void anUnpinningThatSomebodyElseSignedDoesNotCount() {
        // given
        pin(with(signer, key));

        // when
        unpin(with(new KeyPairSigner(keys()), null));
        put(signature(3, written(NIGHT, 3, Labels.NONE)), "e30..e30");
        putUnsigned(3, Labels.NONE);

        // then
        assertThat(with(null, key).of(VAULT, NIGHT).labels().pinned()).isTrue();
        assertThat(with(null, key).of(VAULT, NIGHT).doubts()).hasSize(2);
    }

    @Test
    void aSignedFileOfANewerVersionCountsAsAPinWithTheTagsOfBefore() {
        // given
        tag(with(signer, key), "audit");
        String newer = written(NIGHT, 2, Labels.NONE).replace("\"schemaVersion\":1", "\"schemaVersion\":2");
        DetachedSignature.Builder signature = new DetachedSignature.Builder(signer);
        signature.digest().update(newer.getBytes(StandardCharsets.UTF_8));
        put(signature(2, newer), signature.sign());
        put(file(2), newer);

        // then
        StoredLabels told = with(null, key).of(VAULT, NIGHT);
        assertThat(told.labels()).isEqualTo(Labels.of(true, Set.of("audit")));
        assertThat(told.doubts()).singleElement().asString().contains("newer version of this program (schema 2)");
    }

    @Test
    void whoCannotSignMayAddAndIsToldWhyNothingCanBeTakenAway() {
        // given who has the public key alone
        SnapshotLabels reader = with(null, key);
        pin(reader);
        tag(reader, "audit");

        // then
        assertThat(with(signer, key).of(VAULT, NIGHT))
                .isEqualTo(new StoredLabels(2, Labels.of(true, Set.of("audit")), List.of()));
        assertThatThrownBy(() -> unpin(reader))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("keyvault-backup.signature.key-file");
        assertThatThrownBy(() -> reader.change(VAULT, NIGHT, each -> each.withTags(Set.of())))
                .isInstanceOf(RunRefusedException.class);
        assertThat(names()).containsExactly(file(1), file(2));
    }

    @Test
    void whoCannotSettleADoubtWritesNothingForIt() {
        // given
        pin(with(signer, key));
        putUnsigned(2, Labels.NONE);

        // then
        assertThat(pin(with(null, key)).file()).isNull();
    }

    @Test
    void aSignerWhoIsNotTheOwnerOfThePublicKeyIsRefusedBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> pin(with(new KeyPairSigner(keys()), key)))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("'operators.pem'")
                .hasMessageContaining("public-key-file");
        assertThat(names()).isEmpty();
    }

    @Test
    void aSignatureThatWasLeftAloneIsNothing() {
        // given a process that died between the two
        pin(with(signer, key));
        put(signature(2, "what was to follow"), "left");
        put(signature(7, "what was to follow"), "left");

        // then
        assertThat(with(null, key).of(VAULT, NIGHT))
                .isEqualTo(new StoredLabels(1, Labels.of(true, Set.of()), List.of()));
        assertThat(unpin(with(signer, key)).file()).isEqualTo(file(2));
        assertThat(with(null, key).of(VAULT, NIGHT).labels().pinned()).isFalse();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNotOneWithoutLabels() {
        assertThatThrownBy(() -> withStoreThatIsGone().of(VAULT)).isInstanceOf(StoreException.class);
    }

    /** Somebody removed it, or its address is wrong. */
    protected abstract BackupStore storeThatIsGone();

    private SnapshotLabels withStoreThatIsGone() {
        store = storeThatIsGone();
        return with(null, null);
    }
}
