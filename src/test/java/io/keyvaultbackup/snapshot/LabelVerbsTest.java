package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.testservices.SigningKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What {@code pin}, {@code unpin} and {@code tag} say and leave in the store, with the store alone. */
class LabelVerbsTest {

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static Bench bench;
    private static EmulatedVault vault;
    private static String monday = "";
    private static String tuesday = "";

    /** Of this test alone. */
    @TempDir
    private Path store;

    private String folder = "";

    @BeforeAll
    static void backUpTwoNights() {
        emulator = KeyVaultEmulator.start();
        bench = new Bench(directory, emulator);
        vault = emulator.vault("labelled");
        vault.secret("db-password");
        monday = backUp("2026-11-23T03:00:00Z");
        tuesday = backUp("2026-11-24T03:00:00Z");
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    private static String backUp(String time) {
        Bench.Result result = bench.backUp(vault, "--scheduled-for", time);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.summary().path("snapshot").asString();
    }

    /** The store without its job database, and a copy of it that may be changed. */
    @BeforeEach
    void copyTheStore() throws IOException {
        for (Map.Entry<String, byte[]> blob : bench.blobs().entrySet()) {
            Path file = store.resolve(blob.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, blob.getValue());
            folder = blob.getKey().substring(0, blob.getKey().indexOf('/'));
        }
        bench.set("keyvault-backup.store.directory", store.toString())
                .set("spring.datasource.url", "jdbc:h2:tcp://127.0.0.1:1/none")
                .set("keyvault-backup.data-directory", "/proc/none")
                .without("keyvault-backup.signature.key-file")
                .without("keyvault-backup.signature.public-key-file");
    }

    private static Bench.Result told(String... arguments) {
        return told(0, arguments);
    }

    private static Bench.Result told(int exitCode, String... arguments) {
        vault.requests().reset();
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(vault.requests().total()).as("calls of the vault").isZero();
        return result;
    }

    private static List<String> listed(String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = "snapshots";
        System.arraycopy(more, 0, arguments, 1, more.length);
        return told(arguments).out().lines().toList();
    }

    private Path label(String snapshot, int number) {
        return store.resolve(folder).resolve("labels").resolve(snapshot + "." + number + ".json");
    }

    @Test
    void pinTellsWhatIsSoNowAndSnapshotsShowsIt() throws IOException {
        // given
        byte[] manifest = Files.readAllBytes(store.resolve(folder + "/manifests/" + tuesday + ".1.json"));

        // when
        String said = told("pin", "latest").out();

        // then
        assertThat(said).isEqualTo(tuesday + " of " + folder + ": pinned" + System.lineSeparator());
        assertThat(Files.readAllBytes(store.resolve(folder + "/manifests/" + tuesday + ".1.json")))
                .isEqualTo(manifest);
        assertThat(listed())
                .satisfiesExactly(
                        head -> assertThat(head).endsWith("  LABELS"),
                        first -> assertThat(first).startsWith(tuesday).endsWith(folder + "  pinned"),
                        second -> assertThat(second).startsWith(monday).endsWith(folder));
    }

    @Test
    void whatIsSoAlreadyIsSaid() {
        told("pin", "latest");

        assertThat(told("pin", "latest").out()).contains(": pinned (as before)");
        assertThat(told("unpin", monday).out()).contains(": no labels (as before)");
        assertThat(label(tuesday, 2)).doesNotExist();
        assertThat(label(monday, 1)).doesNotExist();
    }

    @Test
    void tagsAreAddedTakenOffAndSet() {
        assertThat(told("tag", "latest", "--add", "audit,draft", "--add", "year-end")
                        .out())
                .contains(": tagged audit, draft, year-end");
        told("pin", tuesday);
        assertThat(told("tag", "latest", "--remove", "draft", "--add", "v2").out())
                .contains(": pinned, tagged audit, v2, year-end");
        assertThat(told("tag", "latest", "--set", "only").out()).contains(": pinned, tagged only");
        assertThat(told("tag", "latest", "--set", "").out()).contains(": pinned" + System.lineSeparator());
        assertThat(told("unpin", "latest").out()).contains(": no labels" + System.lineSeparator());
    }

    @Test
    void severalSnapshotsAreLabelledAtOnceAndEachOnce() {
        Bench.Result result = told("tag", monday, "latest", "@2026-11-24", "--add", "audit", "--json");

        assertThat(result.lines("labels"))
                .extracting(line -> line.path("snapshot").asString())
                .containsExactly(monday, tuesday);
        JsonNode first = result.lines("labels").getFirst();
        assertThat(first.path("vault").asString()).isEqualTo(folder);
        assertThat(first.path("changed").asBoolean()).isTrue();
        assertThat(first.path("pinned").asBoolean(true)).isFalse();
        assertThat(first.path("tags").get(0).asString()).isEqualTo("audit");
        assertThat(first.path("label_file").asString()).isEqualTo(folder + "/labels/" + monday + ".1.json");
        assertThat(result.summary().path("snapshots").asInt()).isEqualTo(2);
        assertThat(result.summary().path("changed").asInt()).isEqualTo(2);
        assertThat(told("tag", monday, "--add", "audit", "--json")
                        .summary()
                        .path("changed")
                        .asInt())
                .isZero();
    }

    @Test
    void snapshotsAreListedByTag() {
        told("tag", monday, "--add", "audit");
        told("pin", monday);

        List<JsonNode> snapshots =
                told("snapshots", "--tag", "x", "--tag", "audit", "--json").lines("snapshot");
        assertThat(snapshots).hasSize(1);
        assertThat(snapshots.getFirst().path("pinned").asBoolean()).isTrue();
        assertThat(snapshots.getFirst().path("tags").get(0).asString()).isEqualTo("audit");
        assertThat(listed("--limit", "1", "--tag", "audit"))
                .hasSize(2)
                .last()
                .asString()
                .startsWith(monday);
        assertThat(listed("--tag", "x")).containsExactly("No snapshot here is tagged x.");
    }

    @Test
    void nothingIsChangedUnlessEverySnapshotIsFound() {
        Bench.Result refused = told(10, "pin", monday, "2025");

        assertThat(refused.err()).contains("There is no snapshot 2025");
        assertThat(refused.out()).isEmpty();
        assertThat(store.resolve(folder).resolve("labels")).doesNotExist();
    }

    /** While it signs labels, somebody's forget goes on. */
    @TestConfiguration(proxyBeanMethods = false)
    static class SlowSigner {
        private static final AtomicReference<Runnable> MEANWHILE = new AtomicReference<>(() -> {});

        @Bean
        Signer slowSigner() {
            return new Signer() {
                @Override
                public String keyId() {
                    return "slow";
                }

                @Override
                public byte[] sign(byte[] sha256) {
                    MEANWHILE.get().run();
                    return new byte[64];
                }
            };
        }
    }

    @Test
    void aSnapshotThatIsForgottenMeanwhileIsNotPinned(@TempDir Path place) {
        // given
        Path manifest = store.resolve(folder + "/manifests/" + monday + ".1.json");
        Bench beside = new Bench(place, emulator)
                .with(SlowSigner.class)
                .set("keyvault-backup.store.directory", store.toString());

        // when
        SlowSigner.MEANWHILE.set(() -> assertThat(manifest.toFile().delete()).isTrue());
        Bench.Result result = beside.run("pin", monday);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(10);
        assertThat(result.err()).contains("not there any more: " + monday + " of " + folder);

        // and one that stays is
        SlowSigner.MEANWHILE.set(() -> {});
        assertThat(beside.run("pin", tuesday).exitCode()).isZero();
    }

    @Test
    void wrongTagsAreRefusedAllAtOnce() {
        Bench.Result refused = told(2, "tag", "yesterday", "--add", "a b", "--set", "c/d");

        assertThat(refused.err())
                .contains(
                        "--add: 'a b' is no tag",
                        "--set: 'c/d' is no tag",
                        "'yesterday' names no snapshot",
                        "beside it");
        assertThat(told(2, "tag", "latest").err()).contains("Give --add, --remove or --set");
        assertThat(told(2, "tag", "latest", "--add", "a", "--remove", "a").err())
                .contains("'a' is to be added and");
        assertThat(told(2, "snapshots", "--tag", "a b").err()).contains("--tag: 'a b' is no tag");
        assertThat(store.resolve(folder).resolve("labels")).doesNotExist();
    }

    @Test
    void labelsThatCannotBeReadAreSaidAndSettledByTheNextChange() throws IOException {
        // given
        told("tag", "latest", "--add", "audit");
        Files.writeString(label(tuesday, 2), "{\"schemaVersion\":1,");

        // then
        assertThat(listed().subList(1, 3))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(tuesday).endsWith("pinned, tagged audit"),
                        doubt -> assertThat(doubt)
                                .isEqualTo(
                                        "    " + folder + "/labels/" + tuesday
                                                + ".2.json is damaged: it is no JSON; until it is settled the snapshot is pinned"));
        assertThat(told("snapshots", "--json").lines("snapshot").getFirst().path("label_doubts"))
                .hasSize(1);

        // and
        assertThat(told("unpin", "latest").out()).contains(": tagged audit", "    settled: " + folder + "/labels/");
        assertThat(listed().getLast()).startsWith(monday);
        assertThat(listed()).hasSize(3);
    }

    @Test
    void anUnpinningThatNobodySignedDoesNotCountWhereAPublicKeyIsGiven(@TempDir Path place) throws IOException {
        // given
        SigningKeys keys = SigningKeys.in(place);
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
        told("pin", "latest");
        bench.without("keyvault-backup.signature.key-file");

        // when somebody asks without the key, and somebody else just writes it
        Bench.Result refused = told(2, "unpin", "latest");
        Files.writeString(
                label(tuesday, 2),
                Files.readString(label(tuesday, 1))
                        .replace("\"pinned\":true", "\"pinned\":false")
                        .replace("\"number\":1", "\"number\":2"));

        // then
        assertThat(refused.err()).contains("Labels that are not signed only add", "keyvault-backup.signature.key-file");
        assertThat(listed().subList(1, 3))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("  pinned"),
                        doubt -> assertThat(doubt).contains(tuesday + ".2.json is not signed by the owner"));

        // and the operator settles it
        bench.set("keyvault-backup.signature.key-file", keys.privateFile().toString());
        assertThat(told("unpin", "latest").out()).contains(": no labels");
        assertThat(listed()).hasSize(3).noneMatch(line -> line.contains("pinned"));
    }
}
