package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.testservices.SigningKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Secrets are planted wherever the program meets one, every verb is run with all logging at DEBUG and with failures, and then all that
 * came out of it is searched: what it printed and logged, the job database, the store, the meters.
 */
class CanaryTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String VALUE = "canary-of-a-value";
    private static final String CLIENT = "33333333-0000-0000-0000-00000000000c";
    private static final String CLIENT_SECRET = "canary-of-a-client-secret";
    private static final String DATABASE_PASSWORD = "canary-of-a-database-password";
    private static final String PROXY_PASSWORD = "canary-of-a-proxy-password";
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]+");
    private static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

    @TempDir
    private Path elsewhere;

    /** What is searched, by where it came from. */
    private final Map<String, String> found = java.util.Collections.synchronizedMap(new LinkedHashMap<>());

    @TestConfiguration(proxyBeanMethods = false)
    static class Kept {

        @Bean
        @Primary
        MeterRegistry keptRegistry() {
            return REGISTRY;
        }
    }

    @Test
    void noSecretComesOutOfAnyVerbWithAnIdentityASharedAccessSignatureAndPostgresql() {
        // given a client's secret, a signature, a database's password, a proxy's password
        EntraAuthority authority = emulator.authority();
        authority.application(CLIENT).secret(CLIENT_SECRET);
        Azurite.Container container = Azurite.shared().newContainer();
        String sas = sasOf(container.name(), "racwdl");
        Azurite.shared().client(container.name() + "-leases").create();
        String leaseSas = sasOf(container.name() + "-leases", "rcw");
        Postgres.Database database = Postgres.shared().newDatabase();
        SigningKeys keys = SigningKeys.in(elsewhere);
        // and the vault's own store, which is the same container with signatures of its own
        String ownSas = sasOf(container.name(), "racwdxl");
        String ownLeaseSas = sasOf(container.name() + "-leases", "rcwl");
        bench.set("keyvault-backup.fleet.vaults[0].name", vault.uri().toString())
                .set(
                        "keyvault-backup.fleet.vaults[0].store.container-url",
                        container.url().toString())
                .set("keyvault-backup.fleet.vaults[0].store.sas-token", ownSas)
                .set("keyvault-backup.fleet.vaults[0].store.lease-sas-token", ownLeaseSas);
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", container.url().toString())
                .set("keyvault-backup.store.sas-token", sas)
                .set("keyvault-backup.store.lease-sas-token", leaseSas)
                .set("keyvault-backup.azure.credential", "client-secret")
                .set("keyvault-backup.azure.authority-host", authority.uri().toString())
                .set("keyvault-backup.azure.instance-discovery", "false")
                .set("keyvault-backup.azure.tenant-id", authority.tenant())
                .set("keyvault-backup.azure.client-id", CLIENT)
                .set("keyvault-backup.azure.client-secret", CLIENT_SECRET)
                .set("keyvault-backup.azure.proxy.url", "http://127.0.0.1:9")
                .set("keyvault-backup.azure.proxy.user", "someone")
                .set("keyvault-backup.azure.proxy.password", PROXY_PASSWORD)
                .set("keyvault-backup.azure.proxy.non-proxy-hosts", "*")
                .set("spring.datasource.url", database.jdbcUrl())
                .set("spring.datasource.username", database.user())
                .set("spring.datasource.password", DATABASE_PASSWORD)
                .set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());

        // when
        runEveryVerb();
        // and whatever refuses at the start
        bench.set("keyvault-backup.azure.client-secret", CLIENT_SECRET + "-that-is-wrong");
        verb("a wrong client secret", "backup", "--debug");
        bench.set("keyvault-backup.store.sas-token", sas.replaceAll("sig=[^&]+", "sig=canaryOfASignature%3D"))
                .set(
                        "keyvault-backup.fleet.vaults[0].store.sas-token",
                        ownSas.replaceAll("sig=[^&]+", "sig=canaryOfItsOwnSignature%3D"));
        sideBySide(
                () -> verb("a wrong signature", "backup", "--debug"),
                () -> verb("protect with a wrong signature", "protect", "--json", "--debug"));
        bench.set("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none");
        verb("no database", "runs", "--debug");
        bench.set("spring.datasource.url", database.jdbcUrl())
                .set("keyvault-backup.fleet.vaults[1].name", "team-b")
                .set("keyvault-backup.fleet.vaults[1].store.directory", "/backups")
                .set(
                        "keyvault-backup.fleet.vaults[1].store.connection-string",
                        "AccountName=one;AccountKey=canaryOfAnAccountsKey");
        assertThat(verb("a wrong store of a vault's own", "backup", "--debug").exitCode())
                .isEqualTo(2);
        bench.without("keyvault-backup.fleet.vaults[1].name")
                .without("keyvault-backup.fleet.vaults[1].store.directory")
                .without("keyvault-backup.fleet.vaults[1].store.connection-string");

        // then
        contents(container.name());
        contents(container.name() + "-leases");
        tables();
        assertNothingOf(List.of(
                VALUE,
                CLIENT_SECRET,
                DATABASE_PASSWORD,
                PROXY_PASSWORD,
                signature(sas),
                signature(leaseSas),
                keys.secret(),
                "canaryOfASignature",
                signature(ownSas),
                signature(ownLeaseSas),
                "canaryOfItsOwnSignature",
                "canaryOfAnAccountsKey"));
    }

    @Test
    void noSecretComesOutOfABackupWithAManagedIdentityAndAConnectionString() {
        // given the identity endpoint's header and the account's key
        Azurite.Container container = Azurite.shared().newContainer();
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", container.connectionString())
                .set("keyvault-backup.store.container", container.name());

        // when
        prepare();
        verb("doctor", "doctor");
        assertThat(verb("backup", "backup", "--scheduled-for", NIGHT).exitCode())
                .isEqualTo(3);
        bench.set(
                "keyvault-backup.store.connection-string",
                container.connectionString().replace("DefaultEndpointsProtocol", "DefaultEndpoints"));
        verb("a connection string that is none", "backup", "--debug");

        // then
        contents(container.name());
        tables();
        String header =
                java.util.Objects.requireNonNull(emulator.tokens().environment().get("IDENTITY_HEADER"));
        assertNothingOf(List.of(VALUE, header, Azurite.ACCOUNT_KEY));
    }

    @Test
    void noSecretAndNoObjectIsInAMeter() {
        // given
        seed();
        bench.with(Kept.class).with(FastTime.class);

        // when
        bench.backUp(vault);

        // then
        REGISTRY.forEachMeter(meter -> found.merge("meters", meter.getId() + "\n", String::concat));
        assertThat(found.get("meters")).contains("keyvault.backup.objects").doesNotContain("app-password");
        assertNothingOf(List.of(VALUE));
    }

    private void seed() {
        vault.secret("app-password").value(VALUE);
        vault.secret("refused").value(VALUE + "-2");
        vault.secret("nonsense").value(VALUE + "-3");
        vault.secret("busy").value(VALUE + "-4");
        vault.secret("cut").value(VALUE + "-5");
        vault.secret("many").value(VALUE + "-6").versions(501);
        vault.key("signing");
        vault.certificate("site");
        vault.faults().on(Operation.BACKUP, "secret", "refused").always().forbid("ForbiddenByRbac");
        vault.faults().on(Operation.BACKUP, "secret", "nonsense").times(1).garbage();
        vault.faults().on(Operation.BACKUP, "secret", "busy").times(1).throttle(Duration.ofSeconds(1));
        vault.faults().on(Operation.BACKUP, "secret", "cut").times(1).truncate();
        vault.faults().on(Operation.BACKUP, "key", "signing").times(1).answer(500);
    }

    private void prepare() {
        seed();
        bench.set("keyvault-backup.vaults", vault.uri().toString())
                .set("logging.level.root", "DEBUG")
                .set("logging.level.com.azure", "DEBUG")
                .set("logging.level.com.microsoft.aad", "DEBUG")
                .set("logging.level.org.springframework.boot", "DEBUG");
    }

    private void runEveryVerb() {
        prepare();
        sideBySide(() -> verb("doctor", "doctor"), () -> verb("dry run", "backup", "--dry-run"));
        Bench.Result backup = verb("backup", "backup", "--json", "--scheduled-for", NIGHT);
        assertThat(backup.exitCode()).as(backup.err()).isEqualTo(3);
        assertThat(backup.out() + backup.err()).contains("DEBUG");
        verb("retry", "retry", "--json");
        assertThat(verb("stop", "stop", "--debug").exitCode()).isZero();
        assertThat(verb("stopped", "retry", "--debug").exitCode()).isEqualTo(3);
        sideBySide(
                () -> verb("runs", "runs", "--json"),
                () -> verb("one run", "runs", "2026"),
                () -> verb("snapshots", "snapshots", "--json"),
                () -> verb("ls", "ls", "latest"));
        sideBySide(
                () -> assertThat(verb("pin", "pin", "latest", "--debug").exitCode())
                        .isZero(),
                () -> assertThat(verb("tag", "tag", "latest", "--add", "audit", "--json")
                                .exitCode())
                        .isZero());
        assertThat(verb("unpin", "unpin", "latest").exitCode()).isZero();
        sideBySide(
                () -> verb("find", "find", "*"),
                () -> verb("diff", "diff", "latest", "latest"),
                () -> assertThat(verb("verify", "verify", "--read-data").exitCode())
                        .isZero(),
                () -> verb("verify what is not there", "verify", "2031", "--debug"));
        String file = elsewhere.resolve("app-password.backup").toString();
        assertThat(verb("export", "export", "secret/app-password", "--out", file)
                        .exitCode())
                .isZero();
        String target = emulator.vault("restored-into").uri().toString();
        assertThat(verb("restore", "restore", "--file", file, "--to", target).exitCode())
                .isZero();
        verb("restore of what is there", "restore", "--file", file, "--to", target, "--debug");
        String source = vault.uri().toString();
        verb("restore of a snapshot", "restore", "--from", source, "--to", target, "--dry-run", "--debug");
        assertThat(verb("restore of what is left", "restore", "--from", source, "--to", target, "--yes", "--debug")
                        .exitCode())
                .isIn(0, 4, 5);
        String scratch = emulator.vault("scratch").uri().toString();
        Bench.Result drill =
                verb("drill", "drill", "--from", source, "--to", scratch, "--yes", "--sample", "3", "--debug");
        assertThat(drill.exitCode())
                .as("the snapshot lacks what could not be backed up")
                .isEqualTo(5);
        assertThat(drill.out()).containsPattern("removed +3");
        verb("forget dry", "forget", "--keep-last", "1", "--dry-run", "--json");
        Bench.Result forget = verb("forget", "forget", "--keep-last", "1", "--debug");
        assertThat(forget.exitCode()).as(forget.out() + forget.err()).isZero();
        sideBySide(
                () -> verb("protect dry", "protect", "--dry-run", "--json"),
                () -> assertThat(verb("protect", "protect", "--debug").exitCode())
                        .isZero());
        sideBySide(() -> verb("version", "version"), () -> verb("completion", "completion", "bash"));
    }

    private static void sideBySide(Runnable... verbs) {
        java.util.concurrent.CompletableFuture.allOf(Stream.of(verbs)
                        .map(java.util.concurrent.CompletableFuture::runAsync)
                        .toArray(java.util.concurrent.CompletableFuture<?>[]::new))
                .join();
    }

    private Bench.Result verb(String name, String... arguments) {
        Bench.Result result = new OwnProcess(place(name), emulator, bench).run(arguments);
        found.put("what " + name + " printed", result.out() + result.err());
        return result;
    }

    private Path place(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private void contents(String container) {
        BlobContainerClient client = Azurite.shared().client(container);
        ListBlobsOptions all = new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveMetadata(true));
        for (BlobItem blob : client.listBlobs(all, null)) {
            found.put(
                    "blob " + container + "/" + blob.getName(),
                    blob.getName()
                            + blob.getMetadata()
                            + new String(
                                    client.getBlobClient(blob.getName())
                                            .downloadContent()
                                            .toBytes(),
                                    StandardCharsets.ISO_8859_1));
        }
    }

    /** Every row of every table, and the files that a database in files is. */
    private void tables() {
        List<@Nullable String> tables = bench.jdbc()
                .sql("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE LOWER(TABLE_SCHEMA) = 'public'")
                .query(String.class)
                .list();
        assertThat(tables).hasSizeGreaterThan(8);
        for (String table : tables) {
            found.put(
                    "table " + table,
                    bench.jdbc()
                            .sql("SELECT * FROM \"" + table + "\"")
                            .query()
                            .listOfRows()
                            .toString());
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("bench.properties"))
                    .toList()) {
                found.put("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private void assertNothingOf(List<String> canaries) {
        assertThat(emulator.tokens().token("https://vault.azure.net")).containsPattern(TOKEN);
        List<String> leaks = new ArrayList<>();
        found.forEach((where, text) -> {
            for (String canary : canaries) {
                int at = text.indexOf(canary);
                if (at >= 0) {
                    leaks.add(canary + " in " + where + ": "
                            + text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 60)));
                }
            }
            Matcher token = TOKEN.matcher(text);
            if (token.find()) {
                leaks.add("a token in " + where + ": "
                        + text.substring(Math.max(0, token.start() - 200), token.start() + 40));
            }
        });
        assertThat(leaks).isEmpty();
    }

    private static String signature(String sas) {
        Matcher signature = Pattern.compile("sig=([^&]+)").matcher(sas);
        assertThat(signature.find()).isTrue();
        return signature.group(1);
    }

    private static String sasOf(String container, String rights) {
        return Azurite.shared()
                .client(container)
                .generateSas(new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
    }
}
