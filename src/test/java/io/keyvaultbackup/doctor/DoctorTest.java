package io.keyvaultbackup.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** Each thing that a backup needs is examined, and what is missing is named with what mends it. */
class DoctorTest extends EmulatedVaultTest {

    private Bench.Result examine() {
        return bench.run("doctor", "--json", "--vault", vault.uri().toString());
    }

    /** The level of each check, by its subject's first word and its own name. */
    private static Map<String, String> levels(Bench.Result result) {
        Map<String, String> levels = new TreeMap<>();
        for (JsonNode line : result.lines("check")) {
            String before = levels.put(
                    line.path("subject").asString().split(" ", 2)[0] + "/"
                            + line.path("check").asString(),
                    line.path("level").asString());
            assertThat(before).as("told twice: " + line).isNull();
        }
        return levels;
    }

    private static JsonNode check(Bench.Result result, String subject, String check) {
        return result.lines("check").stream()
                .filter(line -> line.path("subject").asString().startsWith(subject)
                        && line.path("check").asString().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + subject + "/" + check + " in " + result.out()));
    }

    @Test
    void whereNothingIsMissingABackupCanBeMade() {
        // given a vault whose first key and secret belong to a certificate
        vault.certificate("a-site");
        vault.secret("app");
        vault.key("signing");
        bench.backUp(vault);
        vault.requests().reset();

        // when
        Bench.Result result = examine();

        // then each line is there, once
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(levels(result))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("identity/token", "ok"),
                        Map.entry("vault/name", "ok"),
                        Map.entry("vault/connect", "ok"),
                        Map.entry("vault/clock", "ok"),
                        Map.entry("vault/tenant", "ok"),
                        Map.entry("vault/list secrets", "ok"),
                        Map.entry("vault/list keys", "ok"),
                        Map.entry("vault/list certificates", "ok"),
                        Map.entry("vault/back up a secret", "ok"),
                        Map.entry("vault/back up a key", "ok"),
                        Map.entry("vault/back up a certificate", "ok"),
                        Map.entry("vault/soft delete", "ok"),
                        Map.entry("vault/purge protection", "warning"),
                        Map.entry("vault/logging", "warning"),
                        Map.entry("vault/versions", "ok"),
                        Map.entry("vault/lease", "ok"),
                        Map.entry("store/reach", "ok"),
                        Map.entry("store/add", "ok"),
                        Map.entry("store/overwrite, delete", "warning"),
                        Map.entry("store/room", "ok"),
                        Map.entry("database/reach", "ok"),
                        Map.entry("database/tables", "ok"),
                        Map.entry("database/write", "ok"))));
        assertThat(result.lines("check").stream()
                        .map(line -> line.path("subject").asString().split(" ", 2)[0])
                        .distinct())
                .containsExactly("identity", "vault", "store", "database");
        assertThat(check(result, "identity", "token").path("message").asString())
                .contains("00000000-0000-0000-0000-00000000000a")
                .contains("00000000-0000-0000-0000-00000000000b")
                .contains("ManagedIdentityCredential");
        assertThat(check(result, "vault", "versions").path("message").asString())
                .contains("of 500")
                .contains("1 of 500");
        JsonNode summary = result.summary();
        assertThat(summary.path("ok").asInt()).isEqualTo(20);
        assertThat(summary.path("warning").asInt()).isEqualTo(3);
        assertThat(summary.path("failed").asInt()).isZero();

        // and it cost one backup call of each kind, read no value, and left nothing
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "a-site")).isZero();
        assertThat(vault.requests().count(Operation.GET)).isZero();
        assertThat(bench.blobs()).hasSize(4);
        assertThat(bench.run("runs").out().lines().filter(line -> line.contains("doctor")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "key", "certificate"})
    void aVaultWithPurgeProtectionIsToldByItsObjects(String kind) {
        // given a vault with one object
        EmulatedVault guarded = emulator.vault(VaultSettings.of("guarded").withPurgeProtection(true));
        guarded.make(kind, "one");

        // when
        Bench.Result result =
                bench.run("doctor", "--json", "--vault", guarded.uri().toString());

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        for (String check : List.of("soft delete", "purge protection")) {
            assertThat(check(result, "vault", check).path("level").asString()).isEqualTo("ok");
            assertThat(check(result, "vault", check).path("message").asString()).isEqualTo("on (Recoverable)");
        }
    }

    @Test
    void eachMissingPermissionIsNamedWithItsDataActionAndTheCommandThatGrantsIt() {
        // given
        vault.secret("app");
        vault.key("signing");
        vault.certificate("site");
        vault.faults().on(Operation.LIST, "key").always().forbid("ForbiddenByRbac");
        vault.faults().on(Operation.BACKUP, "secret").always().forbid("ForbiddenByRbac");
        vault.faults().on(Operation.BACKUP, "certificate").always().forbid("AccessDenied");

        // when
        Bench.Result result = examine();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(levels(result))
                .containsEntry("vault/list secrets", "ok")
                .containsEntry("vault/list keys", "failed")
                .doesNotContainKey("vault/back up a key")
                .containsEntry("vault/back up a secret", "failed")
                .containsEntry("vault/back up a certificate", "failed")
                .containsEntry("database/write", "ok");
        JsonNode keys = check(result, "vault", "list keys");
        assertThat(keys.path("reason").asString()).isEqualTo("ROLE_MISSING");
        assertThat(keys.path("message").asString())
                .contains("403 ForbiddenByRbac")
                .contains("request id");
        assertThat(keys.path("remedy").asString())
                .contains("Microsoft.KeyVault/vaults/keys/read")
                .contains("az role assignment create")
                .contains("00000000-0000-0000-0000-00000000000b");
        assertThat(check(result, "vault", "back up a secret").path("remedy").asString())
                .contains("Microsoft.KeyVault/vaults/secrets/backup/action");
        assertThat(check(result, "vault", "back up a certificate")
                        .path("remedy")
                        .asString())
                .contains("az keyvault set-policy")
                .contains("--certificate-permissions list backup");
    }

    @Test
    void aFirewallIsToldFromAMissingRole() {
        vault.faults().onAny().always().forbid("ForbiddenByFirewall");

        Bench.Result result = examine();

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(check(result, "vault", "list secrets").path("remedy").asString())
                .contains("az keyvault network-rule add");
        assertThat(levels(result)).doesNotContainKey("vault/soft delete");
    }

    @Test
    void aVaultThatIsNotThereStopsNothingElse() {
        // given
        vault.secret("app");
        String missing = "https://no-such-vault.invalid";

        // when
        Bench.Result result = bench.run(
                "doctor", "--json", "--vault", missing, "--vault", vault.uri().toString());

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        JsonNode name = check(result, "vault " + missing, "name");
        assertThat(name.path("level").asString()).isEqualTo("failed");
        assertThat(name.path("remedy").asString()).contains("nslookup");
        assertThat(check(result, "vault " + vault.uri(), "back up a secret")
                        .path("level")
                        .asString())
                .isEqualTo("ok");
    }

    @Test
    void anUntrustedCertificateNamesTheProperty() {
        bench.without("keyvault-backup.azure.ssl-bundle");

        Bench.Result result = examine();

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(check(result, "vault", "connect").path("reason").asString()).isEqualTo("TLS_NOT_TRUSTED");
        assertThat(check(result, "vault", "connect").path("remedy").asString())
                .contains("keyvault-backup.azure.ssl-bundle");
    }

    @Test
    void objectsNear500VersionsAreAWarning() {
        // given
        vault.secret("busy").versions(450);
        vault.secret("calm").versions(3);
        bench.backUp(vault);

        // when
        Bench.Result result = examine();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode versions = check(result, "vault", "versions");
        assertThat(versions.path("level").asString()).isEqualTo("warning");
        assertThat(versions.path("message").asString()).startsWith("secret/busy has the most, 450 of 500");
        assertThat(versions.path("remedy").asString()).contains("start a new object");
    }

    @Test
    void aClockThatIsFarOffIsTold() {
        vault.secret("app");

        Bench.Result result = bench.with(FastClock.class)
                .run("doctor", "--json", "--vault", vault.uri().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(check(result, "vault", "clock").path("message").asString()).contains("ahead of the service's");
    }

    /** Ten minutes ahead. */
    @TestConfiguration(proxyBeanMethods = false)
    static class FastClock {

        @Bean
        @Primary
        InstantSource fastClock() {
            return () -> Instant.now().plusSeconds(600);
        }
    }

    @Test
    void aContainerToWhichOnlyCanBeAddedIsAsItShouldBe() {
        // given
        Azurite.Container container = Azurite.shared().newContainer();
        vault.secret("app");

        // when
        Bench.Result result = inContainer(container, "rcl")
                .run("doctor", "--json", "--vault", vault.uri().toString());

        // then what it tried with stays
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(levels(result))
                .containsEntry("store/reach", "ok")
                .containsEntry("store/add", "ok")
                .containsEntry("store/overwrite", "ok")
                .containsEntry("store/delete", "ok")
                .containsEntry("store/protection", "warning");
        assertThat(names(container)).hasSize(1).allMatch(name -> name.startsWith("doctor/"));
    }

    @Test
    void aContainerInWhichCopiesCanBeDestroyedIsAWarning() {
        // given a backup, and a connection string that may do anything
        Azurite.Container container = Azurite.shared().newContainer();
        vault.secret("app");
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", container.connectionString())
                .set("keyvault-backup.store.container", container.name());
        bench.backUp(vault);
        List<String> before = names(container);

        // when
        Bench.Result result = examine();

        // then only what the doctor itself added was touched
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(levels(result))
                .containsEntry("store/add", "ok")
                .containsEntry("store/overwrite", "warning")
                .containsEntry("store/delete", "warning");
        assertThat(names(container)).isEqualTo(before);
        assertThat(result.out()).doesNotContain(Azurite.ACCOUNT_KEY);
    }

    @Test
    void aContainerWithoutTheRightToAddIsMissingPermission() {
        Azurite.Container container = Azurite.shared().newContainer();
        vault.secret("app");

        Bench.Result result = inContainer(container, "rl")
                .run("doctor", "--json", "--vault", vault.uri().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(check(result, "store", "add").path("remedy").asString())
                .contains("containers/blobs/add/action")
                .contains("sp=rcl");
        assertThat(levels(result)).doesNotContainKeys("store/overwrite", "store/delete");
        assertThat(result.out()).doesNotContain("sig=");
    }

    @Test
    void aContainerThatIsNotThereIsExit10() {
        Azurite.Container container = Azurite.shared().newContainer();
        Azurite.shared().client(container.name()).delete();
        vault.secret("app");
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", container.connectionString())
                .set("keyvault-backup.store.container", container.name());

        Bench.Result result = examine();

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(10);
        assertThat(check(result, "store", "reach").path("remedy").asString())
                .contains("az storage container create")
                .contains(container.name());
    }

    @Test
    void aDirectoryWhoseParentIsMissingIsExit10() {
        vault.secret("app");
        bench.set(
                "keyvault-backup.store.directory",
                directory.resolve("no/such/place").toString());

        Bench.Result result = examine();

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(10);
        assertThat(check(result, "store", "reach").path("remedy").asString()).contains("mkdir -p");
        assertThat(directory.resolve("no")).doesNotExist();
    }

    @Test
    void postgresqlIsExaminedToo() {
        Postgres.Database database = Postgres.shared().newDatabase();
        vault.secret("app");
        bench.onDatabase(database);

        Bench.Result result = examine();

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(check(result, "database", "reach").path("message").asString())
                .startsWith("PostgreSQL");
        assertThat(check(result, "database", "tables").path("message").asString())
                .startsWith("up to date, version");
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM ledger_run")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aDatabaseThatCanNotBeUsedStopsNothingElse() throws Exception {
        // given a file that is none
        vault.secret("app");
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.write(data.resolve("keyvault-backup.mv.db"), new byte[8192]);

        // when
        Bench.Result result = examine();

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(levels(result))
                .containsEntry("vault/back up a secret", "ok")
                .containsEntry("store/add", "ok")
                .containsEntry("database/reach", "failed")
                .containsEntry("vault/versions", "warning")
                .doesNotContainKeys("database/tables", "database/write");
        assertThat(check(result, "database", "reach").path("message").asString())
                .contains("damaged");
    }

    @Test
    void peopleReadALineForEachCheckAndBelowItWhatMendsIt() {
        // given
        vault.secret("app");
        vault.faults().on(Operation.LIST, "key").always().forbid("ForbiddenByRbac");

        // when
        Bench.Result text = bench.run("doctor", "--vault", vault.uri().toString());
        Bench.Result quiet =
                bench.run("doctor", "--quiet", "--vault", vault.uri().toString());

        // then
        assertThat(text.exitCode()).as(text.out() + text.err()).isEqualTo(13);
        assertThat(text.out())
                .contains("vault " + vault.uri())
                .contains("  ok       list secrets")
                .contains("  failed   list keys")
                .contains("           -> Needs Microsoft.KeyVault/vaults/keys/read")
                .contains("1 failed. Mend what failed");
        assertThat(quiet.exitCode()).isEqualTo(13);
        assertThat(quiet.out()).doesNotContain("  ok  ").contains("  failed   list keys");
    }

    private Bench inContainer(Azurite.Container container, String rights) {
        BlobContainerClient client = Azurite.shared().client(container.name());
        String token = client.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
        return bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", container.url().toString())
                .set("keyvault-backup.store.sas-token", token)
                .set("keyvault-backup.store.lease-sas-token", leaseToken(container.name() + "-leases"));
    }

    private static String leaseToken(String name) {
        BlobContainerClient leases = Azurite.shared().client(name);
        leases.createIfNotExists();
        return leases.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse("rcw")));
    }

    private static List<String> names(Azurite.Container container) {
        return Azurite.shared().client(container.name()).listBlobs().stream()
                .map(BlobItem::getName)
                .toList();
    }
}
