package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the store holds is told from the store alone. */
class CatalogueTest {

    private static final String MONDAY = "2026-11-23T03:00:00Z";
    private static final String TUESDAY = "2026-11-24T03:00:00Z";

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static EmulatedVault vault;
    private static Bench bench;
    private static String monday = "";
    private static String tuesday = "";

    @BeforeAll
    static void backUpTwoNights() {
        emulator = KeyVaultEmulator.start();
        bench = new Bench(directory, emulator);
        vault = emulator.vault("two-nights");
        vault.secret("db-password").tag("team", "a").contentType("text/plain");
        vault.secrets("app", 3);
        vault.key("signing");
        vault.certificate("site");
        monday = backUp(MONDAY, 0);
        vault.rotate("secret", "db-password");
        vault.tag("secret", "db-password", Map.of("team", "b"));
        vault.contentType("db-password", "text/html");
        vault.delete("secret", "app000001");
        vault.key("added");
        vault.faults().on(Operation.BACKUP, "secret", "app000002").times(1).forbid("ForbiddenByRbac");
        tuesday = backUp(TUESDAY, 3);
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    /** From here on there is no job database. */
    @BeforeEach
    void loseDatabase() {
        bench.set("spring.datasource.url", "jdbc:h2:tcp://127.0.0.1:1/none")
                .set("keyvault-backup.data-directory", "/proc/none")
                .set("keyvault-backup.store.directory", bench.store().toString());
        vault.requests().reset();
    }

    private static String backUp(String time, int exitCode) {
        // Everything, as on a slow machine Monday's copies are old enough to be relied on.
        Bench.Result result = bench.backUp(vault, "--full", "--scheduled-for", time);
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        return result.summary().path("snapshot").asString();
    }

    /** The same blobs at a place where they may be changed. */
    private static Path copyOfStore(Path place) throws IOException {
        for (Map.Entry<String, byte[]> blob : bench.blobs().entrySet()) {
            Path file = place.resolve(blob.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, blob.getValue());
        }
        bench.set("keyvault-backup.store.directory", place.toString());
        return place;
    }

    private Bench.Result told(String... arguments) {
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(vault.requests().total()).isZero();
        return result;
    }

    private static List<String> texts(List<JsonNode> lines, String property) {
        return lines.stream().map(line -> line.path(property).asString()).toList();
    }

    @Test
    void snapshotsAreListedNewestFirst() {
        Bench.Result result = told("snapshots", "--json");

        List<JsonNode> snapshots = result.lines("snapshot");
        assertThat(texts(snapshots, "snapshot")).containsExactly(tuesday, monday);
        assertThat(snapshots.get(0).path("complete").asBoolean()).isFalse();
        assertThat(snapshots.get(0).path("chain").asInt()).isEqualTo(2);
        assertThat(snapshots.get(1).path("complete").asBoolean()).isTrue();
        assertThat(snapshots.get(1).path("outcomes").path("BACKED_UP").asInt()).isEqualTo(6);
        assertThat(result.summary().path("snapshots").asInt()).isEqualTo(2);
        assertThat(told("snapshots").out().lines().toList())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(1)).startsWith(tuesday + "  INCOMPLETE     1         5 "))
                .satisfies(lines -> assertThat(lines.get(2)).startsWith(monday + "  COMPLETE       1         6 "));
        assertThat(told("snapshots", "--limit", "1", "--json").lines("snapshot"))
                .hasSize(1);
    }

    @Test
    void lsTellsEachObjectsState() {
        List<JsonNode> objects = told("ls", "latest", "--json").lines("object");

        assertThat(texts(objects, "object"))
                .containsExactly(
                        "secret/app000000",
                        "secret/app000002",
                        "secret/db-password",
                        "secret/site",
                        "key/added",
                        "key/signing",
                        "key/site",
                        "certificate/site");
        JsonNode password = objects.get(2);
        assertThat(password.path("outcome").asString()).isEqualTo("BACKED_UP");
        assertThat(password.path("tags").path("team").asString()).isEqualTo("b");
        assertThat(password.path("content_type").asString()).isEqualTo("text/html");
        assertThat(objects.getFirst().has("content_type")).isFalse();
        assertThat(password.path("versions").asInt()).isEqualTo(2);
        assertThat(password.path("sha256").asString()).hasSize(64);
        assertThat(objects.get(1).path("reason").asString()).isEqualTo("ROLE_MISSING");

        String text = told("ls", monday.substring(0, 10), "secret/*").out();
        assertThat(text)
                .contains("Snapshot  " + monday, "COMPLETE", "secret/db-password ")
                .doesNotContain("key/");
    }

    @Test
    void aSnapshotIsNamedByLatestByDateAndByTheStartOfItsId() {
        for (String name : List.of(
                "@2026-11-23", "@2026-11-23T03:00:00Z", "@2026-11-24T02:59:59Z", monday, monday.substring(0, 8))) {
            assertThat(told("ls", name, "--json")
                            .lines("snapshot")
                            .getFirst()
                            .path("snapshot")
                            .asString())
                    .as(name)
                    .isEqualTo(monday);
        }
        assertThat(told("ls", "@2030-01-01", "--json")
                        .lines("snapshot")
                        .getFirst()
                        .path("snapshot")
                        .asString())
                .isEqualTo(tuesday);
    }

    @Test
    void whatNamesNoneOrMoreThanOneIsRefused() {
        assertRefused(10, "There is no snapshot @2026-11-22", "ls", "@2026-11-22");
        assertRefused(10, "There is no snapshot 2025", "ls", "2025");
        assertRefused(2, "2 snapshots are 202611", "ls", "202611");
        assertRefused(2, "'@yesterday' is no date", "ls", "@yesterday");
        assertRefused(2, "'../x' names no snapshot", "ls", "../x");
        assertRefused(2, "--limit: 0", "snapshots", "--limit", "0");
    }

    private void assertRefused(int exitCode, String why, String... arguments) {
        Bench.Result result = bench.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(result.err()).contains(why);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void findTellsTheStateInEachSnapshot() {
        List<JsonNode> objects = told("find", "db-*", "--json").lines("object");

        assertThat(texts(objects, "snapshot")).containsExactly(tuesday, monday);
        assertThat(objects.get(0).path("versions").asInt()).isEqualTo(2);
        assertThat(objects.get(1).path("versions").asInt()).isEqualTo(1);
        assertThat(told("find", "app000001", "--json").lines("object"))
                .hasSize(1)
                .allMatch(object -> object.path("snapshot").asString().equals(monday));
        assertThat(told("find", "key/*").out()).contains("key/added", "key/signing", tuesday, monday);
        assertThat(bench.run("find", "nothing-of-that-name").exitCode()).isEqualTo(10);
    }

    @Test
    void diffTellsWhatChangedInTheToken() {
        Bench.Result result = told("diff", monday, "latest", "--json");

        assertThat(texts(result.lines("difference"), "object"))
                .containsExactly("secret/app000002", "secret/db-password", "key/added", "secret/app000001");
        assertThat(texts(result.lines("difference"), "change"))
                .containsExactly("CHANGED", "CHANGED", "ADDED", "REMOVED");
        JsonNode password = result.lines("difference").get(1).path("fields");
        assertThat(password.path("tags.team").path("before").asString()).isEqualTo("a");
        assertThat(password.path("tags.team").path("after").asString()).isEqualTo("b");
        assertThat(password.path("contentType").path("before").asString()).isEqualTo("text/plain");
        assertThat(password.path("contentType").path("after").asString()).isEqualTo("text/html");
        assertThat(password.has("updated")).isTrue();
        JsonNode failed = result.lines("difference").getFirst().path("fields");
        assertThat(failed.path("outcome").path("after").asString()).isEqualTo("FAILED");
        assertThat(result.summary().path("CHANGED").asInt()).isEqualTo(2);

        assertThat(told("diff", monday, tuesday).out())
                .contains(
                        "+ key/added",
                        "- secret/app000001",
                        "M secret/db-password",
                        "tags.team: a -> b",
                        "contentType: text/plain -> text/html")
                .endsWith("1 added, 1 removed, 2 changed" + System.lineSeparator());
        assertThat(told("diff", "latest", "latest").out()).contains("0 added, 0 removed, 0 changed");
    }

    @Test
    void oneDamagedManifestDoesNotHideTheOthers(@TempDir Path place) throws IOException {
        Files.writeString(copyOfStore(place).resolve(manifestOf(tuesday)), "{\"schemaVersion\":1,");

        assertThat(told("snapshots").out()).contains("UNREADABLE", monday + "  COMPLETE");
        assertThat(texts(told("snapshots", "--json").lines("snapshot"), "snapshot"))
                .containsExactly(tuesday, monday);
        Bench.Result found = bench.run("find", "db-password", "--json");
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(texts(found.lines("object"), "snapshot")).containsExactly(monday);
        Bench.Result listed = bench.run("ls", "latest");
        assertThat(listed.exitCode()).isEqualTo(1);
        assertThat(listed.err()).contains("the manifest can not be read");
    }

    private static String manifestOf(String snapshot) {
        return bench.blobs().keySet().stream()
                .filter(name -> name.contains("/manifests/" + snapshot))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutAVaultAllThatTheStoreHasAreMeant(@TempDir Path place) throws IOException {
        copyOfStore(place);
        EmulatedVault other = emulator.vault("another");
        other.secret("of-another");
        bench.set("spring.datasource.url", "jdbc:h2:mem:another;MODE=PostgreSQL");
        assertThat(bench.backUp(other, "--scheduled-for", TUESDAY).exitCode()).isZero();

        assertThat(told("snapshots", "--json").lines("snapshot")).hasSize(3);
        assertThat(told("snapshots", "--json", "--vault", other.uri().toString())
                        .lines("snapshot"))
                .hasSize(1);
        assertRefused(2, "name the vault with --vault", "ls", "latest");
        assertThat(texts(
                        told("ls", "latest", "--json", "--vault", other.uri().toString())
                                .lines("object"),
                        "object"))
                .containsExactly("secret/of-another");
    }
}
