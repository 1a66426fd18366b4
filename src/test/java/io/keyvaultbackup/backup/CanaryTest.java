package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.sun.net.httpserver.HttpServer;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import picocli.CommandLine.Command;

/**
 * Secrets are planted wherever the program meets one, and every verb is run, with all logging at DEBUG, the SDK's of requests too: with a store that is used
 * by a signature and with one that is used by an account's key, with PostgreSQL's password, and each verb with failures as well, of the vaults, the store, the
 * database and the ways there. All that comes out is searched: what is printed and logged, the job database, the store, the meters.
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
    private static final String OTHER_KEY =
            Base64.getEncoder().encodeToString("canary-of-another-account's-key".getBytes(StandardCharsets.UTF_8));
    private static final String PUSHING_PASSWORD = "canary-of-who-pushes";
    private static final String OTLP_TOKEN = "canary-of-who-sends";
    private static final String TRACING_TOKEN = "canary-of-who-traces";
    private static final String WEBHOOK_PATH = "canary-of-a-webhook";
    private static final String WEBHOOK_SECRET = "canary-of-who-signs-notifications";
    private static final String MAIL_PASSWORD = "canary-of-who-sends-mail";
    /** One that is closed takes no more meters, and each start closes its own at its end. */
    private static final MeterRegistry REGISTRY = new SimpleMeterRegistry() {
        @Override
        public void close() {}
    };

    /** Of what the program uses, whoever says something at DEBUG where these tests lead it; and those of its own classes that say anything. */
    private static final List<String> TALKATIVE = List.of(
            "com.azure.core.",
            "com.azure.identity.",
            "com.microsoft.aad.msal4j.",
            "com.zaxxer.hikari.",
            "io.keyvaultbackup.backup.Ahead",
            "io.keyvaultbackup.backup.Seal",
            "org.postgresql.",
            "org.springframework.batch.core.",
            "org.springframework.boot.",
            "org.springframework.jdbc.",
            "org.springframework.transaction.");

    /** They start nothing that logs. */
    private static final Set<String> SILENT = Set.of("version", "completion", "help");

    /** It is ended once it has been looked at. */
    private static final List<String> SERVE = List.of("serve", "--json", "--port", "0", "--management-port", "0");

    /** They need no store, a worker not before somebody asks for something; the dashboard works with either missing. */
    private static final Set<String> OF_THE_DATABASE = Set.of("runs", "worker", "serve");

    /** They need no database. */
    private static final Set<String> OF_THE_STORE = Set.of(
            "serve", "stop", "snapshots", "ls", "find", "diff", "pin", "unpin", "tag", "export", "restore", "protect");

    private static final List<LastingProcess> PROCESSES = new ArrayList<>();

    @TempDir
    private Path elsewhere;

    private final Canaries canaries = new Canaries().plant(VALUE);

    @TestConfiguration(proxyBeanMethods = false)
    static class Kept {

        @Bean
        @Primary
        MeterRegistry keptRegistry() {
            return REGISTRY;
        }
    }

    private static HttpServer refusingReceiver;

    /** Of traces; one that does not listen would be tried for seconds. */
    @BeforeAll
    static void startReceiver() throws IOException {
        refusingReceiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        refusingReceiver.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(401, -1);
            }
        });
        refusingReceiver.start();
    }

    @AfterAll
    static void stopReceiver() {
        refusingReceiver.stop(0);
    }

    private static String tracesEndpoint() {
        return "http://127.0.0.1:" + refusingReceiver.getAddress().getPort() + "/v1/traces";
    }

    @BeforeAll
    static void startProcesses() {
        Map<String, String> environment = new HashMap<>(emulator.tokens().environment());
        environment.put("AZURE_HTTP_LOG_DETAIL_LEVEL", "HEADERS");
        Stream.generate(() -> LastingProcess.start(environment)).limit(2).forEach(PROCESSES::add);
    }

    @AfterAll
    static void endProcesses() {
        PROCESSES.forEach(LastingProcess::close);
    }

    @Test
    void noSecretComesOutOfAnyVerbThatUsesTheStoreByASignature() throws Exception {
        Azurite.Container container = newContainer();
        Postgres.Database database = Postgres.shared().newDatabase();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given a client's secret, the passwords of a database and a proxy, a key, and signatures for the store,
            // others for the vault's own, which is
            // the same container
            useClientSecret();
            useDatabase(database);
            useSignatures(way.url() + "/" + container.name(), container);
            SearchedVerbs verbs = new SearchedVerbs(directory, bench, canaries, PROCESSES);

            // when
            runEveryVerb(verbs, way);
            String token = "sv=2025-01-05&sr=c&sp=racwl&se=2031-01-01T00%3A00%3A00Z&sig=canaryOf";
            canaries.plant("canaryOfASignature=").plant("canaryOfItsOwnSignature=");
            bench.set("keyvault-backup.store.sas-token", token + "ASignature%3D")
                    .set("keyvault-backup.fleet.vaults[0].store.sas-token", token + "ItsOwnSignature%3D");
            failEveryVerb(verbs, "a wrong signature", OF_THE_DATABASE);

            // then
            assertNoLeaks(verbs, container, new HashSet<>(TALKATIVE));
        }
    }

    @Test
    void noSecretComesOutOfAnyVerbThatUsesTheStoreByAnAccountsKey() throws Exception {
        Azurite.Container container = newContainer();
        Postgres.Database database = Postgres.shared().newDatabase();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given a managed identity, whose endpoint wants a header, the account's key, and a database's password in
            // its URL, too
            canaries.plant(Objects.requireNonNull(
                            emulator.tokens().environment().get("IDENTITY_HEADER")))
                    .plant(Azurite.ACCOUNT_KEY)
                    .plant(OTHER_KEY);
            useDatabase(database);
            bench.set("spring.datasource.url", database.jdbcUrl() + "?" + passwordInUrl());
            String connection = Azurite.connectionString(way.url());
            bench.onContainer(connection, container.name());
            SearchedVerbs verbs = new SearchedVerbs(directory, bench, canaries, PROCESSES);

            // when
            runEveryVerb(verbs, way);
            bench.onContainer(connection.replace(Azurite.ACCOUNT_KEY, OTHER_KEY), container.name());
            failEveryVerb(verbs, "a wrong key", OF_THE_DATABASE);
            bench.onContainer(connection, container.name());
            Postgres.shared().close(database);
            failEveryVerb(verbs, "a database that lets nobody in", OF_THE_STORE);
            Postgres.shared().open(database);

            // then
            Set<String> talkative = new HashSet<>(TALKATIVE);
            talkative.remove("com.microsoft.aad.msal4j.");
            assertNoLeaks(verbs, container, talkative);
        }
    }

    /** The stack traces of --debug are others than those of all loggers, so what fails at the start is run with both. */
    @Test
    void noSecretComesOutOfWhatIsConfiguredWrongly() throws Exception {
        Azurite.Container container = newContainer();
        Postgres.Database database = Postgres.shared().newDatabase();
        seed();
        useClientSecret();
        useDatabase(database);
        useSignatures(container.url().toString(), container);
        canaries.plant("canaryOfAnAccountsKey").plant(Azurite.ACCOUNT_KEY);
        SearchedVerbs verbs = new SearchedVerbs(directory, bench, canaries, PROCESSES);

        bench.set("keyvault-backup.azure.client-secret", CLIENT_SECRET + "-that-is-wrong");
        withStackTracesAndAllLoggers(verbs, "a wrong client secret", "doctor");
        bench.set("keyvault-backup.azure.client-secret", CLIENT_SECRET)
                .set("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none?" + passwordInUrl());
        withStackTracesAndAllLoggers(verbs, "no database", "runs");
        bench.set("spring.datasource.url", database.jdbcUrl())
                .set("keyvault-backup.fleet.vaults[1].name", "team-b")
                .set("keyvault-backup.fleet.vaults[1].store.directory", "/backups")
                .set(
                        "keyvault-backup.fleet.vaults[1].store.connection-string",
                        "AccountName=one;AccountKey=canaryOfAnAccountsKey");
        withStackTracesAndAllLoggers(verbs, "a wrong store of a vault's own", "backup");
        bench.without("keyvault-backup.fleet.vaults[0].name").without("keyvault-backup.fleet.vaults[1].name");
        for (String property :
                List.of("container-url", "sas-token", "lease-sas-token", "directory", "connection-string")) {
            bench.without("keyvault-backup.store." + property)
                    .without("keyvault-backup.fleet.vaults[0].store." + property)
                    .without("keyvault-backup.fleet.vaults[1].store." + property);
        }
        bench.onContainer(
                container.connectionString().replace("DefaultEndpointsProtocol", "DefaultEndpoints"), container.name());
        withStackTracesAndAllLoggers(verbs, "a connection string that is none", "backup");

        assertThat(verbs.leaks()).isEmpty();
    }

    private static void withStackTracesAndAllLoggers(SearchedVerbs verbs, String name, String verb) {
        assertThat(verbs.run(name, verb, "--debug").exitCode()).as(name).isNotZero();
        assertThat(verbs.run(name + ", all loggers", verb).exitCode()).as(name).isNotZero();
    }

    @Test
    void noSecretAndNoObjectIsInAMeter() {
        // given
        Azurite.Container container = newContainer();
        seed();
        useClientSecret();
        useDatabase(Postgres.shared().newDatabase());
        useSignatures(container.url().toString(), container);
        bench.with(Kept.class).with(FastTime.class);

        // when it is backed up, and the store fails another backup
        assertThat(bench.backUp(vault).exitCode()).isEqualTo(3);
        Bench.Result verified = bench.run("verify");
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        bench.set(
                "keyvault-backup.fleet.vaults[0].store.sas-token",
                "sv=2025-01-05&sr=c&sp=racwl&sig=canaryOfASignature%3D");
        canaries.plant("canaryOfASignature=");
        assertThat(bench.backUp(vault).exitCode()).isEqualTo(13);

        // then
        StringBuilder meters = new StringBuilder();
        REGISTRY.forEachMeter(
                meter -> meters.append(meter.getId()).append(meter.measure()).append('\n'));
        assertThat(meters)
                .contains(
                        "keyvault.backup.objects",
                        "keyvault.backup.last.objects",
                        "keyvault.backup.call",
                        "keyvault.backup.retries",
                        "spring.batch.item.process",
                        "keyvault.verify.last.findings")
                .doesNotContain("app-password", "nonsense", "signing", "site");
        assertThat(canaries.in("meters", meters.toString())).isEmpty();
    }

    private static Azurite.Container newContainer() {
        Azurite.Container container = Azurite.shared().newContainer();
        Azurite.shared().client(container.name() + "-leases").create();
        return container;
    }

    private void useClientSecret() {
        EntraAuthority authority = emulator.authority();
        authority.application(CLIENT).secret(CLIENT_SECRET);
        SigningKeys keys = SigningKeys.in(elsewhere);
        canaries.plant(CLIENT + ":" + CLIENT_SECRET)
                .plant(CLIENT_SECRET)
                .plant(PROXY_USER, PROXY_PASSWORD)
                .plant(keys.secret())
                .plant("pusher", PUSHING_PASSWORD)
                .plant(OTLP_TOKEN)
                .plant(WEBHOOK_PATH)
                .plant(WEBHOOK_SECRET)
                .plant("mailer", MAIL_PASSWORD)
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
                .set("keyvault-backup.metrics.pushgateway.url", "http://127.0.0.1:1")
                .set("keyvault-backup.metrics.pushgateway.user", "pusher")
                .set("keyvault-backup.metrics.pushgateway.password", PUSHING_PASSWORD)
                .set("keyvault-backup.metrics.otlp.endpoint", "http://127.0.0.1:1/v1/metrics")
                .set("keyvault-backup.metrics.otlp.headers.authorization", "Bearer " + OTLP_TOKEN)
                // not each trouble: its tries would take seconds
                .set("keyvault-backup.notifications.webhooks[0].name", "collector")
                .set("keyvault-backup.notifications.webhooks[0].url", "http://127.0.0.1:1/" + WEBHOOK_PATH)
                .set("keyvault-backup.notifications.webhooks[0].secret", WEBHOOK_SECRET)
                .set("keyvault-backup.notifications.webhooks[0].events", "recovered")
                .set("keyvault-backup.notifications.mail.host", "127.0.0.1")
                .set("keyvault-backup.notifications.mail.port", "1")
                .set("keyvault-backup.notifications.mail.username", "mailer")
                .set("keyvault-backup.notifications.mail.password", MAIL_PASSWORD)
                .set("keyvault-backup.notifications.mail.from", "backup@example.com")
                .set("keyvault-backup.notifications.mail.to", "operations@example.com")
                .set("keyvault-backup.notifications.mail.events", "recovered")
                .set("keyvault-backup.signature.key-file", keys.privateFile().toString())
                .set(
                        "keyvault-backup.signature.public-key-file",
                        keys.publicFile().toString());
    }

    private void useDatabase(Postgres.Database database) {
        canaries.plant(database.user(), DATABASE_PASSWORD).plant(PASSWORD_IN_A_URL);
        bench.onDatabase(database).set("spring.datasource.password", DATABASE_PASSWORD);
    }

    private static String passwordInUrl() {
        return "password=" + URLEncoder.encode(PASSWORD_IN_A_URL, StandardCharsets.UTF_8);
    }

    private void useSignatures(String url, Azurite.Container container) {
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.fleet.vaults[0].name", vault.uri().toString());
        String leases = container.name() + "-leases";
        store("keyvault-backup.store", url, sasOf(container.name(), "racwdl"), sasOf(leases, "rcw"));
        store("keyvault-backup.fleet.vaults[0].store", url, sasOf(container.name(), "racwdxl"), sasOf(leases, "rcwl"));
    }

    /** Stores there by signatures, which are canaries. */
    private void store(String where, String containerUrl, String sas, String leaseSas) {
        canaries.plant(signature(sas)).plant(signature(leaseSas));
        bench.set(where + ".container-url", containerUrl)
                .set(where + ".sas-token", sas)
                .set(where + ".lease-sas-token", leaseSas);
    }

    private void seed() {
        bench.set("keyvault-backup.vaults", vault.uri().toString());
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

    private void runEveryVerb(SearchedVerbs verbs, FaultyWay way) {
        canaries.plant(TRACING_TOKEN);
        bench.set("keyvault-backup.tracing.endpoint", tracesEndpoint())
                .set("keyvault-backup.tracing.headers.authorization", "Bearer " + TRACING_TOKEN);
        seed();
        verbs.sideBySide(List.of(
                () -> ends(0, verbs.run("version", "version")),
                () -> ends(0, verbs.run("completion", "completion", "bash")),
                () -> ends(0, verbs.run("help", "help", "backup"))));
        verbs.sideBySide(
                List.of(() -> verbs.run("doctor", "doctor"), () -> verbs.run("dry run", "backup", "--dry-run")));
        meetFaults(way);
        FaultyWay.Fault refusal =
                new FaultyWay.Fault.Refusal(403, "AuthorizationPermissionMismatch", "It may not.", Map.of());
        way.next("PUT", "/manifests/", refusal);
        ends(3, verbs.run("not sealed", "backup", "--json", "--scheduled-for", NIGHT));
        Bench.Result backup = verbs.run("backup", "backup", "--json", "--scheduled-for", NIGHT);
        ends(3, backup);
        assertThat(backup.err())
                .contains("Traces could not be sent to the receiver of OTLP " + tracesEndpoint() + ": it answered 401");
        way.next("GET", "?/20261124T030000Z", refusal); // what there is of earlier snapshots
        meetFaults(way);
        verbs.run("another", "backup");
        meetFaults(way);
        verbs.run("retry", "retry", "--json");
        ends(0, verbs.run("stop", "stop"));
        ends(3, verbs.run("stopped", "retry"));
        verbs.sideBySide(List.of(
                () -> verbs.run("runs", "runs", "--json"),
                () -> verbs.run("one run", "runs", "20261124"),
                () -> ends(0, verbs.run("worker", "worker", "--once")),
                () -> ends(0, verbs.run("serve", SERVE.toArray(String[]::new))),
                () -> verbs.run("snapshots", "snapshots", "--json"),
                () -> verbs.run("ls", "ls", "latest"),
                () -> ends(0, verbs.run("pin", "pin", "latest")),
                () -> ends(0, verbs.run("tag", "tag", "latest", "--add", "audit", "--json"))));
        ends(0, verbs.run("unpin", "unpin", "latest"));
        verbs.sideBySide(List.of(
                () -> verbs.run("find", "find", "*"),
                () -> verbs.run("diff", "diff", "latest", "latest"),
                () -> ends(0, verbs.run("verify", "verify", "--read-data")),
                () -> verbs.run("verify what is not there", "verify", "2031")));
        restore(verbs);
        verbs.run("forget dry", "forget", "--keep-last", "1", "--dry-run", "--json");
        ends(0, verbs.run("forget", "forget", "--keep-last", "1"));
        verbs.sideBySide(List.of(
                () -> verbs.run("protect dry", "protect", "--dry-run", "--json"),
                () -> ends(0, verbs.run("protect", "protect"))));
    }

    private static void ends(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out()).isEqualTo(exitCode);
    }

    /** On the way to the store things go wrong in what is run next. */
    private static void meetFaults(FaultyWay way) {
        way.next("GET", new FaultyWay.Fault.Refusal(503, "ServerBusy", "The server is busy.", Map.of()))
                .next("PUT", new FaultyWay.Fault.AnswerLost());
    }

    private void restore(SearchedVerbs verbs) {
        String file = elsewhere.resolve("app-password.backup").toString();
        ends(0, verbs.run("export", "export", "secret/app-password", "--out", file));
        String source = vault.uri().toString();
        EmulatedVault target = emulator.vault("restored-into-" + vault.uri().getPort());
        String to = target.uri().toString();
        target.faults().on(Operation.RESTORE).times(1).answer(500);
        ends(0, verbs.run("restore", "restore", "--file", file, "--to", to));
        verbs.run("restore of what is there", "restore", "--file", file, "--to", to);
        verbs.run("restore of a snapshot", "restore", "--from", source, "--to", to, "--dry-run");
        target.faults().on(Operation.RESTORE).times(1).throttle(Duration.ofSeconds(1));
        target.faults().on(Operation.RESTORE).times(1).garbage();
        assertThat(verbs.run("restore of what is left", "restore", "--from", source, "--to", to, "--yes")
                        .exitCode())
                .isIn(0, 4, 5);
        EmulatedVault scratch = emulator.vault("scratch-" + vault.uri().getPort());
        scratch.faults().on(Operation.RESTORE).times(1).answer(503);
        scratch.faults().on(Operation.DELETE).times(1).answer(500);
        Bench.Result drill = verbs.run(
                "drill", "drill", "--from", source, "--to", scratch.uri().toString(), "--yes", "--sample", "3");
        ends(5, drill); // the snapshot lacks what could not be backed up
        assertThat(drill.out()).containsPattern("removed +3");
    }

    /** Each verb that needs the store or the database.
     *
     * @param unharmed those that do not need what fails here
     */
    private void failEveryVerb(SearchedVerbs verbs, String how, Set<String> unharmed) {
        String source = vault.uri().toString();
        String to = emulator.vault(vault.uri().getPort() + "-" + how.replace(' ', '-'))
                .uri()
                .toString();
        String file = elsewhere.resolve(how + ".backup").toString();
        verbs.sideBySide(Stream.of(
                        List.of("backup"),
                        List.of("backup", "--debug"),
                        List.of("retry"),
                        List.of("stop", "--json"),
                        List.of("runs"),
                        List.of("worker", "--once"),
                        SERVE,
                        List.of("snapshots", "--json"),
                        List.of("ls", "latest"),
                        List.of("find", "*"),
                        List.of("diff", "latest", "latest"),
                        List.of("pin", "latest"),
                        List.of("unpin", "latest"),
                        List.of("tag", "latest", "--add", "audit"),
                        List.of("verify"),
                        List.of("export", "secret/app-password", "--out", file),
                        List.of("restore", "--from", source, "--to", to, "--dry-run"),
                        List.of("drill", "--from", source, "--to", to, "--yes"),
                        List.of("forget", "--keep-last", "1"),
                        List.of("protect"),
                        List.of("doctor"))
                .<Runnable>map(verb -> () -> {
                    Bench.Result result =
                            verbs.run(how + " for " + String.join(" ", verb), verb.toArray(String[]::new));
                    if (!unharmed.contains(verb.getFirst())) {
                        assertThat(result.exitCode())
                                .as(verb + ": " + result.out())
                                .isNotZero();
                    }
                })
                .toList());
    }

    private void assertNoLeaks(SearchedVerbs verbs, Azurite.Container container, Set<String> talkative)
            throws ClassNotFoundException {
        verbs.searchContainer(container.name());
        verbs.searchContainer(container.name() + "-leases");
        verbs.searchDatabaseAndFiles();
        Set<String> everyVerb = everyVerb();
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(verbs.leaks()).isEmpty();
            softly.assertThat(verbs.heard().keySet())
                    .as("the verbs that were run")
                    .isEqualTo(everyVerb);
            verbs.heard()
                    .forEach((verb, loggers) -> softly.assertThat(
                                    loggers.stream().anyMatch(logger -> logger.startsWith("org.springframework.")))
                            .as("something was said at DEBUG where %s was run", verb)
                            .isEqualTo(!SILENT.contains(verb)));
            for (String room : talkative) {
                softly.assertThat(verbs.heard().values().stream()
                                .flatMap(Set::stream)
                                .filter(logger -> logger.startsWith(room)))
                        .as("who of %s said something at DEBUG", room)
                        .isNotEmpty();
            }
        });
    }

    private static Set<String> everyVerb() throws ClassNotFoundException {
        return Stream.of(Class.forName("io.keyvaultbackup.cli.RootVerb")
                        .getAnnotation(Command.class)
                        .subcommands())
                .map(verb -> verb.getAnnotation(Command.class).name())
                .collect(Collectors.toSet());
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

    private static String sasOf(String container, String rights) {
        return Azurite.shared()
                .client(container)
                .generateSas(new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
    }
}
