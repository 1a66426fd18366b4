package io.keyvaultbackup.cli;

import static io.keyvaultbackup.cli.WrongRow.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A table of wrong configurations, environments and arguments: the exit code of each, and the words that matter. */
@ExtendWith(OutputCaptureExtension.class)
class WrongEnvironmentTableTest {

    private static final Pattern JAVA_CLASS =
            Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.){2,}[A-Z]\\w+|\\b[A-Z]\\w+(?:Exception|Error)\\b|\\tat ");
    /** Of Entra ID, or of a SAS. */
    private static final Pattern TOKEN = Pattern.compile("eyJ\\w{8}|sig=\\w");

    private static final Pattern LOGGED = Pattern.compile("[\\d:.,]{12} (\\|-)?[A-Z]+ ");
    private static final Pattern DETAIL = Pattern.compile(
            "[\\d:.]{12} (DEBUG|TRACE) |[\\d:,]{12} \\|-WARN in Logger\\[org\\.eclipse\\.jetty\\..* - No appenders ");
    private static final String ESCAPE = "\u001b[31m";

    @TempDir
    private static Path directory;

    /** What a row printed, and what was logged meanwhile. */
    private record Told(Invocation refused, String logged) {}

    private static KeyVaultEmulator emulator;

    /** Each row is run once, whichever test asks first. */
    private static final Map<WrongRow, Told> DONE = new ConcurrentHashMap<>();

    private static final Map<WrongEnvironment, Told> ENVIRONMENTS_DONE = new ConcurrentHashMap<>();

    private static final WrongRow[] ROWS = {
        // What is backed up
        row("no vault").without("keyvault-backup.vaults").says("No vault is named", "--vault https://"),
        row("vault over plain http")
                .with("keyvault-backup.vaults", "http://team-a.vault.azure.net")
                .says(
                        "keyvault-backup.vaults (--vault): 'http://team-a.vault.azure.net'",
                        "https://team-a.vault.azure.net"),
        row("vault with a path")
                .with("keyvault-backup.vaults", "https://team-a.vault.azure.net/secrets/x")
                .says("keyvault-backup.vaults (--vault)", "is not a vault's address"),
        row("vault that is no URI")
                .with("keyvault-backup.vaults", "https://team a")
                .says("'https://team a'"),
        row("Managed HSM")
                .arguments("--vault", "https://team-a.managedhsm.azure.net")
                .says("Managed HSM", "not supported"),
        row("vault without encryption")
                .arguments("--vault", "http://team-a.vault.azure.net")
                .says("'http://team-a.vault.azure.net' is not a vault's address"),
        row("client secret without a tenant")
                .with("keyvault-backup.azure.credential", "client-secret")
                .with("keyvault-backup.azure.client-id", "11111111-2222-3333-4444-555555555555")
                .with("keyvault-backup.azure.client-secret", "hush")
                .says("keyvault-backup.azure.credential is client-secret", "keyvault-backup.azure.tenant-id"),
        row("cloud that is none")
                .with("keyvault-backup.azure.cloud", "germany")
                .says("keyvault-backup.azure.cloud: 'germany' is not one of public, china, us-government"),
        row("authority without encryption")
                .with("keyvault-backup.azure.authority-host", "http://login.example.com")
                .says("keyvault-backup.azure.authority-host", "https://login.microsoftonline.com"),
        row("second of two vaults")
                .with("keyvault-backup.vaults", "https://a.vault.azure.net,ftp://b")
                .says("'ftp://b' is not a vault's address"),
        row("unknown kind")
                .with("keyvault-backup.kinds", "secret,potato")
                .says("keyvault-backup.kinds (--kind): 'potato'"),
        row("kind on the command line").arguments("--kind", "keys").says("'keys' is not a kind of object"),
        row("escape in a pattern")
                .arguments("--include", "app" + ESCAPE)
                .says("keyvault-backup.include (--include): 'app\\u001b[31m'", "control character", "secret/app-*"),
        row("escape in an exclusion").arguments("--exclude", ESCAPE).says("keyvault-backup.exclude (--exclude)"),
        row("escape in a vault").arguments("--vault", "https://a" + ESCAPE).says("'https://a\\u001b[31m'"),
        row("text that turns direction").arguments("--vault", "https://a\u202e").says("'https://a\\u202e'"),
        row("scheduled time")
                .arguments("--scheduled-for", "tonight")
                .says("--scheduled-for: 'tonight' is not a time", "2026-11-24T03:00:00Z"),
        row("scheduled time without a zone")
                .arguments("--scheduled-for", "2026-11-24T03:00:00")
                .says("is not a time"),

        // How
        row("budget of zero").with("keyvault-backup.budget", "0").says("keyvault-backup.budget (--budget): '0'", "50%"),
        row("budget above all").with("keyvault-backup.budget", "150%").says("'150%'", "50%"),
        row("budget of words").with("keyvault-backup.budget", "gently").says("'gently'", "50%"),
        row("negative budget").arguments("--budget=-5").says("'-5'", "50%"),
        row("threads of words")
                .with("keyvault-backup.threads", "many")
                .says("keyvault-backup.threads: 'many' is not a whole number, such as 32"),
        row("no threads").with("keyvault-backup.threads", "0").says("0 is not a number from 1 to 256, such as 32"),
        row("too many threads").with("keyvault-backup.threads", "100000").says("100000 is not a number from 1 to 256"),
        row("chunk of zero").with("keyvault-backup.chunk", "0").says("keyvault-backup.chunk: 0"),
        row("chunk with a decimal")
                .with("keyvault-backup.chunk", "1.5")
                .says("'1.5' is not a whole number, such as 32"),
        row("memory without a unit that exists")
                .with("keyvault-backup.memory", "64 elephants")
                .says("keyvault-backup.memory: '64 elephants' is not a size, such as 64MB"),
        row("too little memory").with("keyvault-backup.memory", "1KB").says("at least 1MB, such as 64MB"),
        row("version limit of zero")
                .with("keyvault-backup.version-limit", "0")
                .says("keyvault-backup.version-limit: 0"),
        row("neither true nor false")
                .with("keyvault-backup.list-versions", "perhaps")
                .says("keyvault-backup.list-versions: 'perhaps' is not true or false"),
        row("time-out of words")
                .with("keyvault-backup.azure.response-timeout", "long")
                .says("keyvault-backup.azure.response-timeout: 'long' is not a length of time, such as 60s"),
        row("several unreadable ones and one wrong one")
                .with("keyvault-backup.threads", "many")
                .with("keyvault-backup.memory", "plenty")
                .with("keyvault-backup.azure.connect-timeout", "soon")
                .with("keyvault-backup.budget", "0")
                .says("threads: 'many'", "memory: 'plenty'", "connect-timeout: 'soon'", "(--budget): '0'"),
        row("a placeholder for nothing")
                .with("keyvault-backup.budget", "${NIGHTLY_BUDGET}")
                .says("keyvault-backup.budget: ${NIGHTLY_BUDGET} stands for nothing"),

        // Names
        row("misspelt property")
                .with("keyvault-backup.budgett", "50%")
                .says(
                        "keyvault-backup.budgett (nightly.properties, line 4) is not known; did you mean keyvault-backup.budget?"),
        row("misspelt deeper")
                .with("keyvault-backup.store.sas-tokn", WrongRow.SAS)
                .says("did you mean keyvault-backup.store.sas-token?"),
        row("in the wrong group")
                .with("keyvault-backup.container-url", "https://a.blob.core.windows.net/b")
                .says("did you mean keyvault-backup.store.container-url?"),
        row("like nothing")
                .with("keyvault-backup.zebra.crossing", "1")
                .says("keyvault-backup.zebra.crossing", "is not known; docs/configuration.md lists all"),
        row("misspelt root")
                .with("keyvalt-backup.budget", "50%")
                .says("keyvalt-backup.budget", "the names begin with keyvault-backup"),
        row("a list where one value is taken")
                .with("keyvault-backup.threads[0]", "3")
                .says("keyvault-backup.threads", "takes one value, not a list, such as 32"),
        row("a value where a group is")
                .with("keyvault-backup.store", "./backups")
                .says("keyvault-backup.store", "has no value of its own"),
        row("a part of a list's element")
                .with("keyvault-backup.exclude[0].name", "x")
                .says("keyvault-backup.exclude[0].name"),
        row("misspelt variable")
                .variable("KEYVAULTBACKUP_BUDGTE", "50%")
                .says(
                        "The environment variable KEYVAULTBACKUP_BUDGTE is not known; did you mean KEYVAULTBACKUP_BUDGET?"),
        row("variable with an underscore too many")
                .variable("KEYVAULTBACKUP_DATA_DIRECTORY", "/x")
                .says("did you mean KEYVAULTBACKUP_DATADIRECTORY?"),
        row("variable of a secret, misspelt")
                .variable("KEYVAULTBACKUP_STORE_SAS_TOKEN", WrongRow.SAS)
                .says("did you mean KEYVAULTBACKUP_STORE_SASTOKEN?"),
        row("variable like nothing").variable("KEYVAULTBACKUP_ZEBRA", "1").says("docs/configuration.md"),
        row("wrong value in a variable")
                .variable("KEYVAULTBACKUP_THREADS", "many")
                .says("keyvault-backup.threads: 'many'"),
        row("wrong value in a variable's other spelling")
                .variable("KEYVAULT_BACKUP_VERSION_LIMIT", "0")
                .says("keyvault-backup.version-limit: 0"),
        row("unknown property for a verb that only reads")
                .verb("runs")
                .with("keyvault-backup.thread", "3")
                .says("did you mean keyvault-backup.threads?"),
        row("unreadable one for a verb that only reads")
                .verb("runs")
                .with("keyvault-backup.chunk", "x")
                .says("keyvault-backup.chunk: 'x'"),

        // What is to be kept, in places where nobody reads it
        row("to keep fewer than none")
                .with("keyvault-backup.keep-last", "-1")
                .says("keyvault-backup.keep-last (nightly.properties, line 4) is not known"),
        row("to keep of each day a word")
                .with("keyvault-backup.forget.keep-daily", "x")
                .says("keyvault-backup.forget.keep-daily (nightly.properties, line 4) is not known"),
        row("to keep by a variable")
                .variable("KEYVAULTBACKUP_FORGET_KEEPWEEKLY", "0")
                .says("The environment variable KEYVAULTBACKUP_FORGET_KEEPWEEKLY is not known"),
        row("to keep by an option").arguments("--keep-last=-1").says("--keep-last=-1", "backup --help"),
        row("to keep of each day a word, where it belongs")
                .with("keyvault-backup.retention.keep-daily", "x")
                .says("keyvault-backup.retention.keep-daily: 'x'"),
        row("to keep fewer than none, where it belongs")
                .with("keyvault-backup.retention.keep-last", "-1")
                .says("keyvault-backup.retention.keep-last: -1"),
        row("a zone of no country")
                .with("keyvault-backup.retention.zone", "Mars/Base")
                .says("keyvault-backup.retention.zone: 'Mars/Base'"),
        row("to forget by no rule").verb("forget").says("No policy was specified"),
        row("to protect in a directory")
                .verb("protect")
                .says("A directory can protect nothing", "version-level immutability"),
        row("to protect for so long")
                .verb("protect")
                .arguments("--immutable-for", "30d")
                .says("--immutable-for", "protect --help"),
        row("to protect for less than the service takes")
                .with("keyvault-backup.store.immutable-for", "23h")
                .says(
                        "keyvault-backup.store.immutable-for (--immutable-for): 82800s is not from 1d to 146000d, such as 30d"),
        row("to protect for longer than the service takes")
                .arguments("--immutable-for", "146001d")
                .says(
                        "keyvault-backup.store.immutable-for (--immutable-for): 12614486400s is not from 1d to 146000d, such as 30d"),
        row("to protect in a mode that is none")
                .verb("protect")
                .with("keyvault-backup.store.immutability-mode", "forever")
                .says("keyvault-backup.store.immutability-mode: 'forever'"),

        // Requests
        row("a worker that knows no vault")
                .verb("worker")
                .without("keyvault-backup.vaults")
                .says("No vault is named"),
        row("a worker of one request")
                .verb("worker")
                .arguments("--request", "x")
                .says("--request", "worker --help"),
        row("a request of nothing").arguments("--request").says("Missing required parameter", "--request"),

        // Labels
        row("a tag that is none")
                .verb("tag")
                .arguments("latest", "--add", "a b")
                .says("--add: 'a b' is no tag", "before-upgrade"),
        row("a tag with an escape")
                .verb("tag")
                .arguments("latest", "--remove", "a" + ESCAPE)
                .says("'a\\u001b[31m' is no tag"),
        row("no tags").verb("tag").arguments("latest").says("Give --add, --remove or --set"),
        row("all tags and some")
                .verb("tag")
                .arguments("latest", "--set", "a", "--add", "b")
                .says("--set gives all tags"),
        row("to pin nothing").verb("pin").says("SNAPSHOT", "pin --help"),
        row("to unpin what is no snapshot").verb("unpin").arguments("yesterday").says("'yesterday' names no snapshot"),

        // Stops, and Jobs by hand
        row("a reason with an escape")
                .verb("stop")
                .arguments("--reason", "a" + ESCAPE)
                .says("--reason: 'a\\u001b[31m' holds a control character"),
        row("a uid that is none")
                .arguments("--job", "by-hand", "--job-uid", "4711")
                .says("--job-uid: '4711' is no Job's uid"),
        row("a uid without its Job")
                .arguments("--job-uid", "0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4")
                .says("--job-uid is given without --job"),

        // The store
        row("no store").without("keyvault-backup.store.directory").says("No store is given", "--store"),
        row("two stores")
                .with("keyvault-backup.store.container-url", "https://a.blob.core.windows.net/backups")
                .says("More than one store is given"),
        container("http://a.blob.core.windows.net/backups").says("without encryption"),
        container("https://a.blob.core.windows.net").says("does not end in the name of one container"),
        container("https://a.blob.core.windows.net/b?sv=1&sig=" + WrongRow.SAS).says("keyvault-backup.store.sas-token"),
        container("https://me:" + WrongRow.PASSWORD + "@a.blob.core.windows.net/backups")
                .says("has a user in it"),
        container("not a url " + WrongRow.SAS).says("keyvault-backup.store.container-url: its value is not a URL"),
        container("https://a.blob.core.windows.net/backups")
                .with("keyvault-backup.store.sas-token", WrongRow.SAS)
                .says("keyvault-backup.store.sas-token (its value is secret) has no signature"),
        row("token without a container")
                .with("keyvault-backup.store.sas-token", "sv=1&sig=" + WrongRow.SAS)
                .says("keyvault-backup.store.sas-token is given (its value is secret) without"),
        row("connection string of nothing")
                .without("keyvault-backup.store.directory")
                .with("keyvault-backup.store.connection-string", WrongRow.CONNECTION)
                .says("names neither an account nor an endpoint", "without keyvault-backup.store.container"),
        row("container's name")
                .without("keyvault-backup.store.directory")
                .with("keyvault-backup.store.connection-string", "AccountName=a;AccountKey=" + WrongRow.CONNECTION)
                .with("keyvault-backup.store.container", "Backups!")
                .says("keyvault-backup.store.container is Backups!"),
        row("container without a connection string")
                .with("keyvault-backup.store.container", "backups")
                .says("is given without keyvault-backup.store.connection-string"),

        // Trust
        row("bundle that is not there")
                .with("keyvault-backup.azure.ssl-bundle", "corporate")
                .says(
                        "keyvault-backup.azure.ssl-bundle: there is no SSL bundle 'corporate'",
                        "spring.ssl.bundle.pem.corporate"),
        row("bundle by another name")
                .with("keyvault-backup.azure.ssl-bundle", "corprate")
                .with("spring.ssl.bundle.pem.corporate.truststore.certificate", "file:<dir>/a-file")
                .says("(there is corporate)"),
        row("certificate authority that is missing")
                .with("spring.ssl.bundle.pem.corporate.truststore.certificate", "file:<dir>/none.pem")
                .says("the bundle 'corporate' (truststore file:<dir>/none.pem) names a file that is not there"),
        row("certificate authority that is no PEM")
                .with("spring.ssl.bundle.pem.corporate.truststore.certificate", "file:<dir>/a-file")
                .says("the bundle 'corporate' (truststore file:<dir>/a-file) cannot be read", "PEM"),
        row("key store with a wrong password")
                .with("spring.ssl.bundle.jks.old.truststore.location", "file:<dir>/a-file")
                .with("spring.ssl.bundle.jks.old.truststore.password", WrongRow.PASSWORD)
                .says("the bundle 'old'"),

        // Places and files
        row("data directory that is a file")
                .with("keyvault-backup.data-directory", "<dir>/a-file")
                .says("keyvault-backup.data-directory: '<dir>/a-file' is a file"),
        row("data directory below a file")
                .with("keyvault-backup.data-directory", "<dir>/a-file/data")
                .says("cannot be made, since <dir>/a-file is a file", "./data"),
        row("data directory below a file, for a verb that only reads")
                .verb("runs")
                .with("keyvault-backup.data-directory", "<dir>/a-file/data")
                .says("cannot be made"),
        row("no file of --config")
                .arguments("--config", "<dir>/none.yaml")
                .says("--config: '<dir>/none.yaml' cannot be read"),
        row("--config of no known form").file("nightly.conf", "").says("its name ends in .yaml"),
        row("a tab in YAML")
                .file("nightly.yaml", "keyvault-backup:\n\tbudget: 50%\n")
                .says("nightly.yaml, line 2, column 1: this is not YAML"),
        row("a quote that does not end")
                .file("nightly.yaml", "keyvault-backup:\n  store:\n    sas-token: \"" + WrongRow.SAS)
                .says("nightly.yaml, line 3"),
        row("a name twice")
                .file("nightly.yaml", "keyvault-backup:\n  budget: 10%\n  budget: 20%\n")
                .says("nightly.yaml, line 3", "duplicate key budget"),
        row("indentation")
                .file("nightly.yaml", "keyvault-backup:\n  budget: 10%\n threads: 3\n")
                .says("nightly.yaml, line 3"),
        row("escape in properties")
                .file("nightly.properties", "keyvault-backup.budget=\\u00zz\n")
                .says("hexadecimal"),
        row("an import that is missing")
                .with("spring.config.import", "file:<dir>/none.properties")
                .says("A file that the configuration names is not there"),
        row("Spring's property of the wrong type")
                .with("spring.datasource.hikari.maximum-pool-size", "lots")
                .says("spring.datasource.hikari.maximum-pool-size: 'lots' is not a whole number"),
        row("no driver for that database")
                .with("spring.datasource.url", "jdbc:mysql://db/x?password=" + WrongRow.PASSWORD)
                .says("spring.datasource.url: 'jdbc:mysql://db/x' is neither H2 nor PostgreSQL"),

        // The command line
        row("unknown option").arguments("--vaults", "x").says("--vaults", "--vault", "backup --help"),
        row("unknown option with an escape").arguments("--" + ESCAPE).says("\\u001b"),
        row("no value").arguments("--vault").says("--vault"),
        row("unknown shell").verb("completion").arguments("--config", "x").says("completion --help"),
    };

    private static WrongRow container(String url) {
        return row("container " + url.replaceAll("canary[-\\w]+", "(canary)"))
                .without("keyvault-backup.store.directory")
                .with("keyvault-backup.store.container-url", url);
    }

    static Stream<WrongRow> rows() {
        return Stream.of(ROWS);
    }

    private static Told outcomeOf(WrongRow row, CapturedOutput process) throws IOException {
        Told told = DONE.get(row);
        if (told == null) {
            told = new Told(row.run(Files.createDirectories(placeOf(row))), process.getAll());
            DONE.put(row, told);
        }
        return told;
    }

    private static Path placeOf(WrongRow row) {
        return directory.resolve("row-" + Stream.of(ROWS).toList().indexOf(row));
    }

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    static List<WrongEnvironment> environments() {
        return WrongEnvironments.ROWS;
    }

    private static Told outcomeOf(WrongEnvironment row, CapturedOutput process) throws Exception {
        Told told = ENVIRONMENTS_DONE.get(row);
        if (told == null) {
            Path place = directory.resolve("environment-" + WrongEnvironments.ROWS.indexOf(row));
            Bench.Result result = row.act().in(Surroundings.in(Files.createDirectories(place), emulator));
            told = new Told(new Invocation(result.exitCode(), result.out(), result.err()), warningsIn(process));
            ENVIRONMENTS_DONE.put(row, told);
        }
        return told;
    }

    /** Without what the emulator's threads log, in all detail, while a start of the program sets up this JVM's logging anew. */
    private static String warningsIn(CapturedOutput process) {
        StringBuilder warnings = new StringBuilder();
        boolean detail = false;
        for (String line : process.getAll().lines().toList()) {
            if (LOGGED.matcher(line).lookingAt()) {
                detail = DETAIL.matcher(line).lookingAt();
            }
            if (!detail) {
                warnings.append(line).append('\n');
            }
        }
        return warnings.toString();
    }

    @Test
    void theTablesAreLong() {
        assertThat(ROWS).hasSizeGreaterThanOrEqualTo(60);
        assertThat(WrongEnvironments.ROWS).hasSizeGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("environments")
    void endsWithTheCodeAndTheWordsThatMatter(WrongEnvironment row, CapturedOutput process) throws Exception {
        Told told = outcomeOf(row, process);

        Invocation ended = told.refused();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(row.exitCode());
        assertThat(ended.out() + ended.err()).contains(row.said());
        assertThat(told.logged()).doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest
    @MethodSource("environments")
    void tellsNothingOfJavaAndNoSecret(WrongEnvironment row, CapturedOutput process) throws Exception {
        assertSaysNothingOfJavaAndNoSecret(outcomeOf(row, process));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefusedWithTheWordsThatMatter(WrongRow row, CapturedOutput process) throws IOException {
        Told told = outcomeOf(row, process);

        Invocation refused = told.refused();
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(row.exitCode());
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("keyvault-backup: ").contains(row.said(placeOf(row)));
        assertThat(told.logged()).doesNotContain("Exception", "\tat ");
        assertThat(placeOf(row).resolve("data")).doesNotExist();
        assertThat(placeOf(row).resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysNothingOfJavaAndNoSecret(WrongRow row, CapturedOutput process) throws IOException {
        assertSaysNothingOfJavaAndNoSecret(outcomeOf(row, process));
    }

    private static void assertSaysNothingOfJavaAndNoSecret(Told told) {
        String said = told.refused().out() + told.refused().err() + told.logged();
        assertThat(said)
                .doesNotContainPattern(JAVA_CLASS)
                .doesNotContainPattern(TOKEN)
                .doesNotContain("\u001b", "null");
        assertThat(WrongRow.CANARIES).noneSatisfy(canary -> assertThat(said).contains(canary));
    }
}
