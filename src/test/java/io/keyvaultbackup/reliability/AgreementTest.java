package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The agreement check can fail: whatever is damaged after a complete run, it is found, and nothing else is. */
class AgreementTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final JsonMapper JSON = new JsonMapper();

    private static KeyVaultEmulator emulator;
    private static EmulatedVault original;

    @TempDir
    private static Path intact;

    @TempDir
    private Path directory;

    private Bench bench;
    private EmulatedVault vault;

    /** So that the file is opened once, and not for each statement. */
    private Connection heldOpen;

    @BeforeAll
    static void completeOneRun() {
        emulator = KeyVaultEmulator.start();
        original = emulator.vault("agreement");
        fill(original);
        Bench.Result run = new Bench(intact, emulator).with(FastTime.class).backUp(original, "--scheduled-for", NIGHT);
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    private static void fill(EmulatedVault vault) {
        vault.secret("one").contentType("text/plain").tag("team", "büro").disabled();
        vault.secret("two").versions(3).expires(Instant.parse("2030-01-01T00:00:00Z"));
        vault.key("signing");
        vault.certificate("site").versions(2);
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    /** A copy of the run's store and database, to be damaged. */
    @BeforeEach
    void copyTheRun() throws IOException, SQLException {
        try (Stream<Path> paths = Files.walk(intact)) {
            for (Path path : paths.toList()) {
                Path copy = directory.resolve(intact.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
        String database = "jdbc:h2:file:" + directory.resolve("data") + "/keyvault-backup;MODE=PostgreSQL";
        bench = new Bench(directory, emulator).set("spring.datasource.url", database);
        heldOpen = DriverManager.getConnection(database, "sa", "");
        vault = original;
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        heldOpen.close();
    }

    private List<String> found() {
        return Agreement.of(bench, vault, NIGHT).disagreements();
    }

    private List<String> foundInReportedDone() {
        return Agreement.of(bench, vault, NIGHT).reportedDoneThatIsNot();
    }

    private List<String> foundInManifest() {
        return Agreement.of(bench, vault, NIGHT).manifestThatIsNotSo();
    }

    /** What was done is found, and every disagreement is about it. */
    private void assertFound(String... each) {
        List<String> found = found();
        assertThat(found).isNotEmpty().allSatisfy(what -> assertThat(what).containsAnyOf(each));
        assertThat(each).allSatisfy(part -> assertThat(found).anyMatch(what -> what.contains(part)));
    }

    @Test
    void aCompleteRunAgrees() {
        assertThat(found()).isEmpty();
        assertThat(foundInReportedDone()).isEmpty();
        assertThat(foundInManifest()).isEmpty();
        Agreement.of(bench, vault, NIGHT).assertHolds();
    }

    // The store

    @Test
    void aBlobThatIsRemovedIsFound() throws IOException {
        Files.delete(file("/secret/two."));
        assertFound("secret/two: its blob", "is not there");
        assertThat(foundInReportedDone()).hasSize(1);
        assertThat(foundInManifest()).hasSize(1);
    }

    @Test
    void oneByteThatIsFlippedIsFound() {
        change(file("/secret/two."), AgreementTest::flipped);
        assertFound("secret/two");
        assertThat(found()).anyMatch(what -> what.contains("the blob's SHA-256 is"));
        assertThat(foundInReportedDone()).isNotEmpty();
    }

    @Test
    void oneByteThatIsFlippedIsFoundThoughAllHashesFit() {
        Path blob = file("/secret/two.");
        String before = BlobCheck.sha256(read(blob));
        change(blob, AgreementTest::flipped);
        replaceEverywhere(before, BlobCheck.sha256(read(blob)));
        assertFound("secret/two: the service could not open its blob");
    }

    @Test
    void anotherObjectsBytesAreFoundThoughAllHashesFit() {
        Path blob = file("/secret/two.");
        String before = BlobCheck.sha256(read(blob));
        byte[] others = read(file("/secret/one."));
        change(blob, any -> others);
        replaceEverywhere(before, BlobCheck.sha256(others));
        assertFound("secret/two: its blob holds is secret/one, and should be secret/two", "secret/two: its blob holds");
    }

    @Test
    void aBlobThatIsCutOffIsFound() {
        change(file("/key/signing."), bytes -> java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertFound("key/signing");
        assertThat(foundInReportedDone()).isNotEmpty();
    }

    @Test
    void aHalfWrittenFileThatNobodyRefersToIsFound() throws IOException {
        Files.write(file("/secret/two.").resolveSibling("three.1"), new byte[] {1, 2, 3});
        assertFound("three.1 is seen");
    }

    @Test
    void whatACrashLeavesHiddenIsNoDisagreement() throws IOException {
        Path beside = file("/secret/two.");
        Files.write(beside.resolveSibling(".0a1b.tmp"), new byte[] {1, 2, 3});
        Files.write(beside.resolveSibling("three.1.meta"), new byte[] {'{'});
        assertThat(found()).isEmpty();
    }

    @Test
    void metadataThatIsLostIsFound() throws IOException {
        Files.delete(beside(file("/certificate/site.")));
        assertFound("certificate/site");
    }

    @Test
    void metadataOfAnotherObjectIsFound() {
        change(beside(file("/secret/one.")), text("\"object\":\"one\"", "\"object\":\"two\""));
        assertFound("secret/one: the metadata's object is two");
    }

    @Test
    void metadataOfAnotherStateIsFound() {
        change(beside(file("/secret/one.")), text("\"token\":\"", "\"token\":\"0"));
        assertFound("secret/one: the metadata's token");
    }

    @Test
    void aLeaseThatIsStillHeldIsFound() {
        Path note = bench.store().resolve(".leases").resolve(folder());
        change(note, text("\"holder\":null", "\"holder\":{\"owner\":\"somebody\"}"));
        assertFound("the lease of", "somebody");
    }

    @Test
    void aLeaseOfOneWhoDiedIsFoundUntilItEnds() {
        Path note = bench.store().resolve(".leases").resolve(folder());
        change(note, text("\"holder\":null", "\"holder\":{\"owner\":\"somebody\",\"until\":\"2999-01-01T00:00:00Z\"}"));
        assertFound("the lease of", "somebody");
        change(note, text("2999", "2001"));
        assertThat(found()).noneMatch(what -> what.contains("the lease of"));
    }

    // The manifest

    @Test
    void aManifestThatIsRemovedIsFound() throws IOException {
        Files.delete(file("/manifests/"));
        assertFound("there is no manifest");
    }

    @Test
    void aHashThatIsAlteredInTheManifestIsFound() {
        String sha256 = BlobCheck.sha256(read(file("/secret/two.")));
        changeManifest(sha256, "0".repeat(64));
        assertFound("secret/two: manifest and ledger: sha256");
    }

    @Test
    void aSizeThatIsAlteredInTheManifestIsFound() {
        changeManifest("\"size\":", "\"size\":1");
        assertThat(found()).hasSize(4).allMatch(what -> what.contains("manifest and ledger: size"));
    }

    @Test
    void aBlobOfAnotherSnapshotIsFound() {
        String name = blobOf("SECRET", "two");
        String other = name.replace("20261124T", "20261123T");
        changeManifest(name, other);
        execute("UPDATE ledger_object SET blob = '" + other + "' WHERE kind = 'SECRET' AND name = 'two'");
        assertFound("secret/two: its blob");
        assertThat(found()).anyMatch(what -> what.contains("none of this object and snapshot"));
    }

    @Test
    void anObjectThatIsInTheManifestTwiceIsFound() {
        changeManifest("\"name\":\"two\"", "\"name\":\"one\"");
        assertThat(found()).anyMatch(what -> what.contains("secret/one is in the manifest twice"));
    }

    @Test
    void anObjectThatTheManifestLacksIsFound() {
        changeManifest("\"name\":\"signing\"", "\"name\":\"resigning\"");
        assertFound("key/signing is missing in the manifest", "key/resigning is missing in the ledger");
    }

    @Test
    void aManifestThatIsNotCompleteIsFound() {
        changeManifest("\"complete\":true", "\"complete\":false");
        assertFound("the manifest is complete: false");
    }

    /** Whatever the ledger says: one that says the same would let it pass. */
    @ParameterizedTest
    @ValueSource(strings = {"PENDING", "FAILED"})
    void aManifestThatSaysCompleteOfWhatIsNotDoneIsFound(String outcome) {
        setOutcomeInManifest("signing", outcome);
        execute("UPDATE ledger_object SET outcome = '" + outcome + "' WHERE kind = 'KEY' AND name = 'signing'");
        assertThat(foundInManifest())
                .containsExactly(
                        "the newest manifest says that it is complete, and has what is not done: true, expected false",
                        "the newest manifest says that it is complete, and the ledger has what is not done: true,"
                                + " expected false");
        assertFound("key/signing has the outcome " + outcome, "the manifest's counts are");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PENDING", "FAILED"})
    void aManifestThatSaysCompleteWhileTheLedgerHasWhatIsNotDoneIsFound(String outcome) {
        execute("UPDATE ledger_object SET outcome = '" + outcome + "' WHERE kind = 'KEY' AND name = 'signing'");
        assertThat(foundInManifest())
                .containsExactly(
                        "key/signing: manifest and ledger: outcome BACKED_UP and " + outcome,
                        "the newest manifest says that it is complete, and the ledger has what is not done: true,"
                                + " expected false");
        assertFound("key/signing has the outcome " + outcome, "key/signing: manifest and ledger: outcome");
    }

    // The ledger

    @Test
    void aRowThatIsDroppedFromTheLedgerIsFound() {
        execute("DELETE FROM ledger_object WHERE kind = 'SECRET' AND name = 'two'");
        assertFound(
                "secret/two is in the vault and missing in the ledger",
                "secret/two is missing in the ledger",
                "rows of kind secret");
    }

    @Test
    void anOutcomeThatIsAlteredIsFound() {
        execute("UPDATE ledger_object SET outcome = 'PENDING' WHERE kind = 'KEY' AND name = 'signing'");
        assertFound("key/signing has the outcome PENDING", "key/signing: manifest and ledger: outcome");
    }

    @Test
    void aLedgerWhoseLastExecutionMadeNoManifestMayBeFurther() {
        execute("UPDATE ledger_object SET outcome = 'PENDING' WHERE kind = 'KEY' AND name = 'signing'");
        execute("UPDATE ledger_execution SET manifest = NULL");
        assertThat(foundInManifest()).isEmpty();
    }

    @Test
    void aCopyOfThisRunThatIsReportedAsAnEarlierOnesIsFound() {
        execute("UPDATE ledger_object SET outcome = 'UNCHANGED' WHERE kind = 'KEY' AND name = 'signing'");
        assertThat(foundInReportedDone())
                .hasSize(1)
                .allMatch(what -> what.contains("is none of this object and of an earlier snapshot"));
    }

    @Test
    void aManagedKeyThatIsReportedAsBackedUpIsFound() {
        execute("UPDATE ledger_object SET outcome = 'BACKED_UP' WHERE kind = 'KEY' AND name = 'site'");
        assertFound("key/site");
        assertThat(foundInReportedDone()).containsExactly("key/site: is backed up, and no blob is named");
    }

    @Test
    void whatIsCoveredByACertificateThatFailedIsFound() {
        execute("UPDATE ledger_object SET outcome = 'FAILED' WHERE kind = 'CERTIFICATE'");
        assertThat(foundInReportedDone())
                .hasSize(2)
                .allMatch(what -> what.contains("covered by a certificate that is backed up: false"));
    }

    @Test
    void anObjectThatIsReportedAsDeletedAndIsThereIsFound() {
        execute("UPDATE ledger_object SET outcome = 'DELETED_DURING_RUN' WHERE kind = 'KEY' AND name = 'signing'");
        assertThat(foundInReportedDone()).hasSize(1);
        assertFound("key/signing");
    }

    @Test
    void anObjectThatNeverWasIsFound() {
        execute("UPDATE ledger_object SET name = 'never' WHERE kind = 'SECRET' AND name = 'two'");
        assertThat(found()).anyMatch(what -> what.contains("secret/never is in the ledger and never was in the vault"));
    }

    @Test
    void aTokenThatIsAlteredIsFound() {
        execute("UPDATE ledger_object SET enabled = TRUE WHERE kind = 'SECRET' AND name = 'one'");
        assertFound("secret/one");
        assertThat(found()).anyMatch(what -> what.contains("ledger and vault: token"));
    }

    @Test
    void aContentTypeThatIsAlteredIsFound() {
        execute("UPDATE ledger_object SET content_type = 'text/html' WHERE kind = 'SECRET' AND name = 'one'");
        assertFound("secret/one");
        assertThat(found())
                .anyMatch(what -> what.contains("ledger and vault: token"))
                .anyMatch(what -> what.contains("manifest and ledger: token"))
                .anyMatch(what -> what.contains("the metadata's token"));
    }

    @Test
    void aListingThatCountedOtherwiseIsFound() {
        execute("UPDATE ledger_listing SET objects = objects + 1 WHERE kind = 'KEY'");
        assertFound("rows of kind key in the ledger");
    }

    @Test
    void aListingThatIsMissingIsFound() {
        execute("DELETE FROM ledger_listing WHERE kind = 'KEY'");
        assertFound("kinds that the ledger has listed");
    }

    @Test
    void aRunThatIsNotCompleteIsFound() {
        execute("UPDATE ledger_run SET status = 'INCOMPLETE'");
        assertFound("the ledger's run is INCOMPLETE");
    }

    @Test
    void anExecutionThatIsLeftRunningIsFound() {
        execute("UPDATE ledger_execution SET status = 'RUNNING'");
        assertFound("the ledger's last execution is RUNNING", "an execution of the ledger is recorded as RUNNING");
    }

    @Test
    void aJobThatIsLeftStartedIsFound() {
        execute("UPDATE BATCH_JOB_EXECUTION SET STATUS = 'STARTED'");
        assertFound("Spring Batch's last execution is STARTED", "an execution of Spring Batch is left STARTED");
    }

    // The vault

    @Test
    void anObjectThatWasNeverListedIsFound() {
        vault = emulator.vault("other");
        assertThat(found()).containsExactly("the ledger has 0 runs of " + vault.uri() + " at " + NIGHT);
    }

    @Test
    void whatTheVaultHasBesidesAndWhatItHasSinceIsFound() {
        // given a run of its own, since the vault changes
        vault = emulator.vault("changing");
        fill(vault);
        Bench own = new Bench(newDirectory("own"), emulator).with(FastTime.class);
        own.backUp(vault, "--scheduled-for", NIGHT);
        bench = own;
        assertThat(found()).isEmpty();

        // when
        vault.secret("late");
        vault.rotate("secret", "two");

        // then
        assertFound(
                "secret/late is in the vault and missing in the ledger",
                "secret/two: ledger and vault: token",
                "secret/two: ledger and vault: versions",
                "secret/two: its blob holds the versions",
                "secret/two: its blob holds the state");
    }

    @Test
    void inBlobStorageARemovedBlobAndAHeldLeaseAreFound() {
        // given
        vault = emulator.vault("in-blob-storage");
        fill(vault);
        Azurite.Container container = Azurite.shared().newContainer();
        Bench own = new Bench(newDirectory("own"), emulator)
                .with(FastTime.class)
                .without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", container.connectionString())
                .set("keyvault-backup.store.container", container.name());
        Bench.Result run = own.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        var blobs = Azurite.shared().client(container.name());
        var leases = Azurite.shared().client(container.name() + "-leases");
        Agreement agreement =
                new Agreement(own.jdbc(), KeptBlobs.inContainer(blobs, leases), vault, Instant.parse(NIGHT));
        agreement.assertHolds();

        // when
        blobs.getBlobClient(own.jdbc()
                        .sql("SELECT blob FROM ledger_object WHERE name = 'two'")
                        .query(String.class)
                        .single())
                .delete();
        new com.azure.storage.blob.specialized.BlobLeaseClientBuilder()
                .blobClient(leases.getBlobClient(folder()))
                .buildClient()
                .acquireLease(-1);

        // then
        assertThat(agreement.disagreements())
                .hasSize(2)
                .anyMatch(what -> what.contains("the service says leased"))
                .anyMatch(what -> what.contains("secret/two: its blob"));
    }

    // Damages

    private String folder() {
        return vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    private Path newDirectory(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The only file whose name has this part. */
    private Path file(String part) {
        List<String> names = bench.blobs().keySet().stream()
                .filter(name -> name.contains(part))
                .toList();
        assertThat(names).hasSize(1);
        return bench.store().resolve(names.getFirst());
    }

    private static Path beside(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".meta");
    }

    private String blobOf(String kind, String name) {
        return bench.jdbc()
                .sql("SELECT blob FROM ledger_object WHERE kind = ? AND name = ?")
                .params(kind, name)
                .query(String.class)
                .single();
    }

    private void execute(String sql) {
        assertThat(bench.jdbc().sql(sql).update()).isPositive();
    }

    /** In sidecars, manifest and ledger. */
    private void replaceEverywhere(String before, String after) {
        change(beside(file("/secret/two.")), text(before, after));
        changeManifest(before, after);
        execute("UPDATE ledger_object SET sha256 = '" + after + "' WHERE sha256 = '" + before + "'");
    }

    /** With its metadata fitting, so that only what it says is wrong. */
    private void changeManifest(String before, String after) {
        Path manifest = file("/manifests/");
        String was = BlobCheck.sha256(read(manifest));
        change(manifest, text(before, after));
        change(beside(manifest), text(was, BlobCheck.sha256(read(manifest))));
    }

    private void setOutcomeInManifest(String object, String outcome) {
        Path manifest = file("/manifests/");
        String was = BlobCheck.sha256(read(manifest));
        JsonNode changed = JSON.readTree(read(manifest));
        for (JsonNode one : changed.path("objects")) {
            if (one.path("name").asString().equals(object)) {
                ((ObjectNode) one).put("outcome", outcome);
            }
        }
        change(manifest, any -> JSON.writeValueAsBytes(changed));
        change(beside(manifest), text(was, BlobCheck.sha256(read(manifest))));
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;
        return changed;
    }

    private static UnaryOperator<byte[]> text(String before, String after) {
        return bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(text).contains(before);
            return text.replace(before, after).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void change(Path file, UnaryOperator<byte[]> change) {
        try {
            Files.write(file, change.apply(read(file)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
