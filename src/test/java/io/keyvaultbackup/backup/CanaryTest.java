package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.testservices.SigningKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;
import picocli.CommandLine.Command;

/**
 * Secrets are planted wherever the program meets one, every verb is run with all logging at DEBUG, the SDK's of requests too, and with
 * failures, of the vaults, the store and the way there; and all that comes out of it is searched: what it prints and logs, the job database,
 * the store, the meters.
 */
class CanaryTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String VALUE = "canary-of-\"a\"-value/+&=";
    private static final String CLIENT = "33333333-0000-0000-0000-00000000000c";
    private static final String CLIENT_SECRET = "canary-of-a-client-\"secret\"/+&=";
    private static final String DATABASE_PASSWORD = "canary-of-a-database-\"password\"/+&=";
    private static final String PASSWORD_IN_A_URL = "canary-in-a-url/+";
    private static final String PROXY_USER = "someone";
    private static final String PROXY_PASSWORD = "canary-of-a-proxy-password/+&=";
    private static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

    /** Of what the program uses, whoever says something at DEBUG where these tests lead it. */
    private static final List<String> TALKATIVE = List.of(
            "com.azure.core",
            "com.azure.identity",
            "com.microsoft.aad.msal4j",
            "com.zaxxer.hikari",
            "org.postgresql",
            "org.springframework.batch.core",
            "org.springframework.boot",
            "org.springframework.jdbc",
            "org.springframework.transaction");

    /** What the program keeps from telling secrets. */
    private static final Set<String> KEPT_FROM_TELLING = Set.of("logging.level.org.postgresql.Driver");

    /** They start nothing that logs. */
    private static final Set<String> SILENT = Set.of("version", "completion", "help");

    private static final Pattern DEBUGGED = Pattern.compile("^DEBUG ([\\w.$]+) ", Pattern.MULTILINE);

    @TempDir
    private Path elsewhere;

    private final Canaries canaries = new Canaries().plant(VALUE);
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    /** Of each verb that was run, who said something at DEBUG. */
    private final Map<String, Set<String>> heard = new ConcurrentHashMap<>();

    private @Nullable FaultyWay way;

    @TestConfiguration(proxyBeanMethods = false)
    static class Kept {

        @Bean
        @Primary
        MeterRegistry keptRegistry() {
            return REGISTRY;
        }
    }

    @Test
    void noSecretComesOutOfAnyVerbWithAnIdentityASharedAccessSignatureAndPostgresql() throws Exception {
        EntraAuthority authority = emulator.authority();
        authority.application(CLIENT).secret(CLIENT_SECRET);
        Azurite.Container container = Azurite.shared().newContainer();
        Azurite.shared().client(container.name() + "-leases").create();
        Postgres.Database database = Postgres.shared().newDatabase();
        SigningKeys keys = SigningKeys.in(elsewhere);
        try (FaultyWay faulty = new FaultyWay(Azurite.shared().accountUrl())) {
            // given a client's secret, a database's password, a proxy's password, a key
            way = faulty;
            canaries.plant(CLIENT + ":" + CLIENT_SECRET)
                    .plant(CLIENT_SECRET)
                    .plant(database.user(), DATABASE_PASSWORD)
                    .plant(PASSWORD_IN_A_URL)
                    .plant(PROXY_USER, PROXY_PASSWORD)
                    .plant(keys.secret())
                    .plant("canaryOfASignature=")
                    .plant("canaryOfItsOwnSignature=")
                    .plant("canaryOfAnAccountsKey")
                    .plant("canary-without-a-tenant")
                    .plant(headOf(emulator.tokens().token("https://vault.azure.net")));
            bench.set("keyvault-backup.azure.credential", "client-secret")
                    .set("keyvault-backup.azure.authority-host", authority.uri().toString())
                    .set("keyvault-backup.azure.instance-discovery", "false")
                    .set("keyvault-backup.azure.tenant-id", authority.tenant())
                    .set("keyvault-backup.azure.client-id", CLIENT)
                    .set("keyvault-backup.azure.client-secret", CLIENT_SECRET)
                    .set("keyvault-backup.azure.proxy.url", "http://127.0.0.1:9")
                    .set("keyvault-backup.azure.proxy.user", PROXY_USER)
                    .set("keyvault-backup.azure.proxy.password", PROXY_PASSWORD)
                    .set("keyvault-backup.azure.proxy.non-proxy-hosts", "*")
                    .set("spring.datasource.url", database.jdbcUrl())
                    .set("spring.datasource.username", database.user())
                    .set("spring.datasource.password", DATABASE_PASSWORD)
                    .set(
                            "keyvault-backup.signature.key-file",
                            keys.privateFile().toString())
                    .set(
                            "keyvault-backup.signature.public-key-file",
                            keys.publicFile().toString());
            // and signatures for the store, others for the vault's own store, which is the same container
            String url = faulty.url() + "/" + container.name();
            bench.without("keyvault-backup.store.directory")
                    .set("keyvault-backup.fleet.vaults[0].name", vault.uri().toString());
            store("keyvault-backup.store", url, sasOf(container, "racwdl"), leaseSasOf(container, "rcw"));
            store(
                    "keyvault-backup.fleet.vaults[0].store",
                    url,
                    sasOf(container, "racwdxl"),
                    leaseSasOf(container, "rcwl"));

            // when
            prepare();
            runEveryVerb();
            runWithWhatIsWrong(database);

            // then
            contents(container.name());
            contents(container.name() + "-leases");
            tables();
        }
        Set<String> everyVerb = everyVerb();
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(leaks).isEmpty();
            softly.assertThat(heard.keySet()).as("the verbs that were run").isEqualTo(everyVerb);
            heard.forEach((verb, loggers) -> softly.assertThat(
                            loggers.stream().anyMatch(logger -> logger.startsWith("org.springframework.")))
                    .as("something was said at DEBUG where %s was run", verb)
                    .isEqualTo(!SILENT.contains(verb)));
            for (String room : TALKATIVE) {
                softly.assertThat(heard.values().stream()
                                .flatMap(Set::stream)
                                .filter(logger -> logger.startsWith(room + ".")))
                        .as("who of %s said something at DEBUG", room)
                        .isNotEmpty();
            }
        });
    }

    /** Stores there by signatures, which are canaries. */
    private void store(String where, String containerUrl, String sas, String leaseSas) {
        canaries.plant(signature(sas)).plant(signature(leaseSas));
        bench.set(where + ".container-url", containerUrl)
                .set(where + ".sas-token", sas)
                .set(where + ".lease-sas-token", leaseSas);
    }

    @Test
    void noSecretComesOutOfABackupWithAManagedIdentityAndAConnectionString() {
        // given the identity endpoint's header and the account's key
        Azurite.Container container = Azurite.shared().newContainer();
        canaries.plant(java.util.Objects.requireNonNull(
                        emulator.tokens().environment().get("IDENTITY_HEADER")))
                .plant(Azurite.ACCOUNT_KEY);
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
        verb("a connection string that is none, in detail", "backup");

        // then
        contents(container.name());
        tables();
        assertThat(heard.get("backup")).anyMatch(logger -> logger.startsWith("com.azure.identity"));
        assertThat(leaks).isEmpty();
    }

    @Test
    void noSecretAndNoObjectIsInAMeter() {
        // given
        seed();
        bench.with(Kept.class).with(FastTime.class);

        // when
        bench.backUp(vault);

        // then
        StringBuilder meters = new StringBuilder();
        REGISTRY.forEachMeter(meter -> meters.append(meter.getId()).append('\n'));
        assertThat(meters).contains("keyvault.backup.objects").doesNotContain("app-password");
        assertThat(canaries.in("meters", meters.toString())).isEmpty();
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
                .set("logging.pattern.console", "%level %logger %msg%n%xEx");
        try {
            for (PropertySource<?> defaults : new YamlPropertySourceLoader()
                    .load("defaults", new FileSystemResource("src/main/resources/application.yaml"))) {
                Stream.of(((EnumerablePropertySource<?>) defaults).getPropertyNames())
                        .filter(name -> name.startsWith("logging.level."))
                        .filter(name -> !KEPT_FROM_TELLING.contains(name)) // as it is for whoever sets the root's level
                        .forEach(name -> bench.set(name, "DEBUG"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void runEveryVerb() {
        sideBySide(() -> verb("doctor", "doctor"), () -> verb("dry run", "backup", "--dry-run"));
        meetFaults();
        assertThat(verb("backup", "backup", "--json", "--scheduled-for", NIGHT).exitCode())
                .isEqualTo(3);
        meetFaults();
        verb("retry", "retry", "--json");
        assertThat(verb("stop", "stop").exitCode()).isZero();
        assertThat(verb("stopped", "retry").exitCode()).isEqualTo(3);
        sideBySide(
                () -> verb("runs", "runs", "--json"),
                () -> verb("one run", "runs", "2026"),
                () -> verb("snapshots", "snapshots", "--json"),
                () -> verb("ls", "ls", "latest"));
        sideBySide(
                () -> assertThat(verb("pin", "pin", "latest").exitCode()).isZero(),
                () -> assertThat(verb("tag", "tag", "latest", "--add", "audit", "--json")
                                .exitCode())
                        .isZero());
        assertThat(verb("unpin", "unpin", "latest").exitCode()).isZero();
        sideBySide(
                () -> verb("find", "find", "*"),
                () -> verb("diff", "diff", "latest", "latest"),
                () -> assertThat(verb("verify", "verify", "--read-data").exitCode())
                        .isZero(),
                () -> verb("verify what is not there", "verify", "2031"));
        restore();
        verb("forget dry", "forget", "--keep-last", "1", "--dry-run", "--json");
        Bench.Result forget = verb("forget", "forget", "--keep-last", "1");
        assertThat(forget.exitCode()).as(forget.out()).isZero();
        sideBySide(
                () -> verb("protect dry", "protect", "--dry-run", "--json"),
                () -> assertThat(verb("protect", "protect").exitCode()).isZero());
        sideBySide(
                () -> verb("version", "version"),
                () -> verb("completion", "completion", "bash"),
                () -> verb("help", "help", "backup"));
    }

    /** On the way to the store things go wrong in what is run next. */
    private void meetFaults() {
        java.util.Objects.requireNonNull(way)
                .next("GET", new FaultyWay.Fault.Refusal(503, "ServerBusy", "The server is busy.", Map.of()))
                .next("PUT", new FaultyWay.Fault.AnswerLost());
    }

    private void restore() {
        String file = elsewhere.resolve("app-password.backup").toString();
        assertThat(verb("export", "export", "secret/app-password", "--out", file)
                        .exitCode())
                .isZero();
        EmulatedVault target = emulator.vault("restored-into");
        target.faults().on(Operation.RESTORE).times(1).answer(500);
        String to = target.uri().toString();
        assertThat(verb("restore", "restore", "--file", file, "--to", to).exitCode())
                .isZero();
        verb("restore of what is there", "restore", "--file", file, "--to", to);
        String source = vault.uri().toString();
        verb("restore of a snapshot", "restore", "--from", source, "--to", to, "--dry-run");
        target.faults().on(Operation.RESTORE).times(1).throttle(Duration.ofSeconds(1));
        target.faults().on(Operation.RESTORE).times(1).garbage();
        assertThat(verb("restore of what is left", "restore", "--from", source, "--to", to, "--yes")
                        .exitCode())
                .isIn(0, 4, 5);
        EmulatedVault scratch = emulator.vault("scratch");
        scratch.faults().on(Operation.RESTORE).times(1).answer(503);
        scratch.faults().on(Operation.DELETE).times(1).answer(500);
        Bench.Result drill =
                verb("drill", "drill", "--from", source, "--to", scratch.uri().toString(), "--yes", "--sample", "3");
        assertThat(drill.exitCode())
                .as("the snapshot lacks what could not be backed up")
                .isEqualTo(5);
        assertThat(drill.out()).containsPattern("removed +3");
    }

    /** The stack traces of --debug are others than those of all loggers, so what fails at the start is run with both. */
    private void runWithWhatIsWrong(Postgres.Database database) {
        String url = "keyvault-backup.store.sas-token";
        String own = "keyvault-backup.fleet.vaults[0].store.sas-token";
        bench.set("keyvault-backup.azure.client-secret", CLIENT_SECRET + "-that-is-wrong");
        withStackTracesAndAllLoggers("a wrong client secret", "doctor");
        bench.set("keyvault-backup.azure.client-secret", CLIENT_SECRET)
                .set(url, "sv=2025-01-05&sr=c&sp=racwl&se=2031-01-01T00%3A00%3A00Z&sig=canaryOfASignature%3D")
                .set(own, "sv=2025-01-05&sr=c&sp=racwl&se=2031-01-01T00%3A00%3A00Z&sig=canaryOfItsOwnSignature%3D");
        withStackTracesAndAllLoggers("a wrong signature", "backup");
        meetFaults();
        String source = vault.uri().toString();
        sideBySide(
                () -> verb("a wrong signature: retry", "retry"),
                () -> verb("a wrong signature: stop", "stop", "--json"),
                () -> verb("a wrong signature: runs", "runs"),
                () -> verb("a wrong signature: snapshots", "snapshots", "--json"),
                () -> verb("a wrong signature: ls", "ls", "latest"),
                () -> verb("a wrong signature: find", "find", "*"),
                () -> verb("a wrong signature: diff", "diff", "latest", "latest"),
                () -> verb("a wrong signature: pin", "pin", "latest"),
                () -> verb("a wrong signature: unpin", "unpin", "latest"),
                () -> verb("a wrong signature: tag", "tag", "latest", "--add", "audit"),
                () -> verb("a wrong signature: verify", "verify"),
                () -> verb("a wrong signature: export", "export", "secret/app-password", "--out", "a.backup"),
                () -> verb("a wrong signature: restore", "restore", "--from", source, "--to", source, "--dry-run"),
                () -> verb("a wrong signature: drill", "drill", "--from", source, "--to", source, "--yes"),
                () -> verb("a wrong signature: forget", "forget", "--keep-last", "1"),
                () -> verb("a wrong signature: protect", "protect"),
                () -> verb("a wrong signature: doctor", "doctor"));
        String inUrl = "password=" + URLEncoder.encode(PASSWORD_IN_A_URL, StandardCharsets.UTF_8);
        bench.set("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none?" + inUrl);
        withStackTracesAndAllLoggers("no database", "runs");
        bench.set("spring.datasource.url", database.jdbcUrl() + "?" + inUrl);
        withStackTracesAndAllLoggers("a password in the database's URL", "runs");
        bench.set("spring.datasource.url", database.jdbcUrl())
                .set("keyvault-backup.fleet.vaults[1].name", "team-b")
                .set("keyvault-backup.fleet.vaults[1].store.directory", "/backups")
                .set(
                        "keyvault-backup.fleet.vaults[1].store.connection-string",
                        "AccountName=one;AccountKey=canaryOfAnAccountsKey");
        withStackTracesAndAllLoggers("a wrong store of a vault's own", "backup");
        bench.without("keyvault-backup.fleet.vaults[1].name")
                .without("keyvault-backup.fleet.vaults[1].store.directory")
                .without("keyvault-backup.fleet.vaults[1].store.connection-string");
    }

    private void withStackTracesAndAllLoggers(String name, String verb) {
        sideBySide(() -> verb(name, verb, "--debug"), () -> verb(name + ", all loggers", verb));
    }

    private static void sideBySide(Runnable... verbs) {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<?>> all = Stream.of(verbs).<Future<?>>map(two::submit).toList();
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Bench.Result verb(String name, String... arguments) {
        String verb = arguments[0];
        Bench.Result result = new OwnProcess(place(name), emulator, bench)
                .environment("AZURE_HTTP_LOG_DETAIL_LEVEL", "HEADERS")
                .run(arguments);
        Set<String> loggers = heard.computeIfAbsent(verb, _ -> ConcurrentHashMap.newKeySet());
        DEBUGGED.matcher(result.err()).results().forEach(line -> loggers.add(line.group(1)));
        search("what " + name + " printed", result.out());
        search("what " + name + " logged", result.err());
        return result;
    }

    private void search(String where, String text) {
        leaks.addAll(canaries.in(where, text));
    }

    private static Set<String> everyVerb() throws ClassNotFoundException {
        return Stream.of(Class.forName("io.keyvaultbackup.cli.RootVerb")
                        .getAnnotation(Command.class)
                        .subcommands())
                .map(verb -> verb.getAnnotation(Command.class).name())
                .collect(Collectors.toSet());
    }

    private Path place(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void contents(String container) {
        BlobContainerClient client = Azurite.shared().client(container);
        ListBlobsOptions all = new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveMetadata(true));
        for (BlobItem blob : client.listBlobs(all, null)) {
            search(
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
            search(
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
                    .filter(file -> !file.endsWith("out") && !file.endsWith("err")) // searched already
                    .toList()) {
                search("file " + file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Of a token of the emulator's: alike in all. */
    private static String headOf(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private static String signature(String sas) {
        Matcher signature = Pattern.compile("sig=([^&]+)").matcher(sas);
        assertThat(signature.find()).isTrue();
        return URLDecoder.decode(signature.group(1), StandardCharsets.UTF_8);
    }

    private static String leaseSasOf(Azurite.Container container, String rights) {
        return sasOf(Azurite.shared().client(container.name() + "-leases"), rights);
    }

    private static String sasOf(Azurite.Container container, String rights) {
        return sasOf(Azurite.shared().client(container.name()), rights);
    }

    private static String sasOf(BlobContainerClient container, String rights) {
        return container.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
    }
}
