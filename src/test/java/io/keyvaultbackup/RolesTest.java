package io.keyvaultbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The roles that people assign: each has what its purpose needs, and nothing more. */
class RolesTest {

    private static final Path ROLES = Path.of("config/azure");
    private static final String BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";
    private static final Set<String> RESTORE = Set.of(
            "secrets/readMetadata/action",
            "secrets/restore/action",
            "keys/read",
            "keys/restore/action",
            "certificates/read",
            "certificates/restore/action");

    static Stream<Path> roles() throws IOException {
        try (Stream<Path> files = Files.list(ROLES)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void everyRoleIsExplainedAndAssignableInOneSubscriptionOnly(Path role) throws IOException {
        JsonNode json = read(role);

        assertThat(Files.readString(Path.of("docs/permissions.md")))
                .contains("`config/azure/" + role.getFileName() + "`");
        assertThat(json.path("Name").asString()).endsWith(" (keyvault-backup)");
        if (role.endsWith("discovery-role.json")) {
            assertThat(json.path("DataActions")).isEmpty();
            assertThat(json.path("Actions").valueStream().map(JsonNode::asString))
                    .allMatch(action -> action.endsWith("/read"));
        } else {
            assertThat(json.path("Actions")).isEmpty();
        }
        assertThat(json.path("AssignableScopes").valueStream().map(JsonNode::asString))
                .containsExactly("/subscriptions/00000000-0000-0000-0000-000000000000");
        assertThat(Files.readString(role)).doesNotContain("*").doesNotContain("getSecret");
    }

    @ParameterizedTest
    @MethodSource("roles")
    void thereAreCommandsThatDefineEachRoleAndAssignIt(Path role) throws IOException {
        String name = read(role).path("Name").asString();
        String commands = Files.readString(ROLES.resolve("README.md")).replace("\\\n", " ");

        assertThat(commands.lines())
                .anyMatch(line -> line.startsWith("define ") && (line + " ").contains(" " + role.getFileName() + " "))
                .anyMatch(line ->
                        line.startsWith("az role assignment create ") && line.contains("--role \"" + name + "\""));
        assertThat(commands).contains("az role definition create --role-definition");
    }

    @Test
    void whoMakesBackupsCanListAndBackUpAndNothingElse() throws IOException {
        assertThat(dataActions("backup-role.json"))
                .isEqualTo(Set.of(
                        "secrets/readMetadata/action",
                        "secrets/backup/action",
                        "keys/read",
                        "keys/backup/action",
                        "certificates/read",
                        "certificates/backup/action"));
        assertThat(dataActions("store-role.json")).isEqualTo(Set.of(BLOBS + "add/action", BLOBS + "read"));
        assertThat(dataActions("lease-role.json")).isEqualTo(Set.of(BLOBS + "write", BLOBS + "read"));
    }

    @Test
    void whoProtectsCanSetRetentionsAndWhoDiscoversCanReadWhichVaultsThereAre() throws IOException {
        assertThat(dataActions("protect-role.json"))
                .isEqualTo(Set.of(BLOBS + "immutableStorage/runAsSuperUser/action", BLOBS + "read"));
        assertThat(read(ROLES.resolve("discovery-role.json"))
                        .path("Actions")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyInAnyOrder(
                        "Microsoft.KeyVault/vaults/read",
                        "Microsoft.Resources/subscriptions/read",
                        "Microsoft.Resources/subscriptions/locations/read");
    }

    @Test
    void noTwoRolesHaveOneName() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path role : roles().toList()) {
            assertThat(names.add(read(role).path("Name").asString()))
                    .as(role.toString())
                    .isTrue();
        }
    }

    @Test
    void whoRestoresCanNeitherRecoverNorRemove() throws IOException {
        assertThat(dataActions("restore-role.json")).isEqualTo(RESTORE);
    }

    @Test
    void whoRecoversCanNotRemove() throws IOException {
        assertThat(dataActions("restore-recover-role.json"))
                .isEqualTo(restoreAnd("secrets/recover/action", "keys/recover/action", "certificates/recover/action"));
    }

    @Test
    void whoDrillsCanRemoveWhatWasRestored() throws IOException {
        assertThat(dataActions("drill-role.json"))
                .isEqualTo(restoreAnd(
                        "secrets/delete",
                        "secrets/purge/action",
                        "keys/delete",
                        "keys/purge/action",
                        "certificates/delete",
                        "certificates/purge/action"));
        assertThat(read(ROLES.resolve("drill-role.json")).path("Description").asString())
                .contains("Assign it on the scratch vault alone");
    }

    @Test
    void whoForgetsCanNotOverwrite() throws IOException {
        assertThat(dataActions("retention-role.json"))
                .isEqualTo(Set.of(
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup-role.json",
                "restore-role.json",
                "restore-recover-role.json",
                "store-role.json",
                "lease-role.json"
            })
    void nobodyElseMayRemoveAnything(String role) throws IOException {
        assertThat(dataActions(role)).noneMatch(action -> action.contains("delete") || action.contains("purge"));
    }

    private static Set<String> restoreAnd(String... more) {
        return Stream.concat(RESTORE.stream(), Stream.of(more)).collect(Collectors.toSet());
    }

    private static Set<String> dataActions(String role) throws IOException {
        return read(ROLES.resolve(role))
                .path("DataActions")
                .valueStream()
                .map(action -> action.asString().replaceFirst("^Microsoft\\.KeyVault/vaults/", ""))
                .collect(Collectors.toSet());
    }

    private static JsonNode read(Path role) throws IOException {
        return new JsonMapper().readTree(Files.readString(role));
    }
}
