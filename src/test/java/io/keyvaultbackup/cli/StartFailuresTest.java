package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.directory.Mount;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What fails before the first call is told in two lines, what it is and what to do; with the real thing each. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailuresTest {

    @TempDir
    private Path directory;

    private final List<String> lines = new ArrayList<>();
    private Path data;

    @BeforeEach
    void prepare() {
        data = directory.resolve("data");
    }

    private JobDatabaseFile database() {
        return new JobDatabaseFile(data);
    }

    private Invocation runs() throws IOException {
        return Invocation.of("runs", "--config", configuration().toString());
    }

    private Path configuration() throws IOException {
        List<String> all = new ArrayList<>(List.of("keyvault-backup.data-directory=" + data));
        all.addAll(lines);
        return Files.write(directory.resolve("nightly.properties"), all);
    }

    private Invocation onPostgres(Postgres.Database database, String url, String password) throws IOException {
        lines.add("spring.datasource.url=" + url);
        lines.add("spring.datasource.username=" + database.user());
        lines.add("spring.datasource.password=" + password);
        lines.add("spring.datasource.hikari.connection-timeout=1000");
        return runs();
    }

    private void aDatabaseOfThisProgram() throws IOException {
        assertThat(runs().exitCode()).isZero();
    }

    private static void assertTwoLines(
            Invocation failed, int exitCode, String what, String advice, CapturedOutput process) {
        assertThat(failed.exitCode()).as(failed.err() + process).isEqualTo(exitCode);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .startsWith("keyvault-backup: ")
                .contains(what, advice)
                .hasLineCount(2);
        assertThat(failed.err()).doesNotContain("Exception", "\tat ", "org.", "null");
        assertThat(process.getAll()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void aDatabaseThatAnotherProcessHoldsAlone(CapturedOutput process) throws IOException {
        // given a process that opened the file without a server that others could use
        aDatabaseOfThisProgram();
        try (JobDatabaseFile.Holder _ = database().heldByAnotherProcess()) {

            // when
            Invocation failed = runs();

            // then
            assertTwoLines(failed, 1, "in use by another process", "another keyvault-backup.data-directory", process);
        }
    }

    @Test
    void aDatabaseFileThatIsLockedByTheSystem(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        try (FileChannel file = FileChannel.open(database().file(), StandardOpenOption.WRITE)) {
            assertThat(file.lock().isValid()).isTrue();

            assertTwoLines(runs(), 1, "in use by another process", "Wait until that process ends", process);
        }
    }

    @Test
    void aDatabaseFileThatIsDamaged(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        Path file = database().file();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[(int) channel.size()]), 0);
        }

        assertTwoLines(runs(), 1, "file is damaged, or its disk is", "Move the file keyvault-backup.mv.db", process);
    }

    @Test
    void aDatabaseFileThatIsCutOff(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        Files.writeString(database().file(), "not a database at all");

        assertTwoLines(runs(), 1, "file is damaged, or its disk is", "Move the file keyvault-backup.mv.db", process);
    }

    @Test
    void anotherPasswordThanTheDatabaseWasMadeWith(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        lines.add("spring.datasource.password=canary-password");

        Invocation failed = runs();

        assertTwoLines(failed, 2, "does not accept the user or password", "SPRING_DATASOURCE_PASSWORD", process);
        assertThat(failed.err()).doesNotContain("canary");
    }

    @Test
    void aPortForTheDatabaseThatIsInUse(CapturedOutput process) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            lines.add("spring.datasource.url=" + database().url() + ";AUTO_SERVER=TRUE;AUTO_SERVER_PORT="
                    + taken.getLocalPort());

            assertTwoLines(runs(), 1, "port", "AUTO_SERVER_PORT", process);
        }
    }

    @Test
    void noRoomInTheDataDirectory(CapturedOutput process) throws IOException {
        Files.createDirectory(data);
        try (Mount mount = Mount.ofOneMegabyte(data)) {
            mount.fill();

            assertTwoLines(runs(), 1, "disk is full", "Make room", process);
        }
    }

    @Test
    void aDataDirectoryThatMayOnlyBeRead(CapturedOutput process) throws IOException {
        Files.createDirectory(data);
        try (Mount mount = Mount.ofOneMegabyte(data)) {
            mount.makeReadOnly();

            Invocation refused = runs();

            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("keyvault-backup.data-directory: '" + data + "' is not writable", "./data");
            assertThat(process.getAll()).doesNotContain("Exception");
        }
    }

    @Test
    void aMigrationByANewerVersion(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        database().migrateToTheFuture();

        assertTwoLines(
                runs(), 1, "version 99 by a newer version of this program", "Run that version or a newer one", process);
    }

    @Test
    void aMigrationThatFailedHalfWay(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        database().change("UPDATE \"flyway_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '2'");

        assertTwoLines(runs(), 1, "half changed: its migration to version 2", "Restore the database", process);
    }

    @Test
    void aMigrationThatWasAnotherOne(CapturedOutput process) throws IOException {
        aDatabaseOfThisProgram();
        database().change("UPDATE \"flyway_schema_history\" SET \"checksum\" = 1 WHERE \"version\" = '2'");

        assertTwoLines(runs(), 1, "migration 2 was another one", "a database of its own", process);
    }

    @Test
    void postgresThatIsNotThere(CapturedOutput process) throws IOException {
        Postgres.Database database = Postgres.shared().newDatabase();
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        Invocation failed = onPostgres(database, "jdbc:postgresql://127.0.0.1:" + closed + "/x", "canary-password");

        assertTwoLines(failed, 1, "cannot be reached", "host and port in spring.datasource.url", process);
        assertThat(failed.err()).doesNotContain("canary");
    }

    @Test
    void postgresByANameThatNobodyKnows(CapturedOutput process) throws IOException {
        Postgres.Database database = Postgres.shared().newDatabase();

        Invocation failed = onPostgres(database, "jdbc:postgresql://no-such-host.invalid:5432/x", "x");

        assertTwoLines(failed, 1, "cannot be resolved", "spring.datasource.url", process);
    }

    @Test
    void postgresWithoutTheDatabase(CapturedOutput process) throws IOException {
        Postgres.Database database = Postgres.shared().newDatabase();

        Invocation failed =
                onPostgres(database, database.jdbcUrl().replaceAll("[^/]+$", "nowhere"), database.password());

        assertTwoLines(failed, 2, "does not exist", "Create it", process);
    }

    @Test
    void postgresWithAnotherUser(CapturedOutput process) throws IOException {
        Postgres.Database database = Postgres.shared().newDatabase();

        Invocation failed = onPostgres(
                new Postgres.Database(database.jdbcUrl(), "nobody-known", "x"), database.jdbcUrl(), "canary-password");

        assertTwoLines(failed, 2, "does not accept the user or password", "SPRING_DATASOURCE_PASSWORD", process);
        assertThat(failed.err()).doesNotContain("canary");
    }

    /** The tables of all jars of the tests' class path take ten of it; below that the JVM itself finds no word. */
    @Test
    void tooLittleMemory() throws IOException {
        Map<String, String> said = inItsOwnProcess("-Xmx14m", "-Xss512k");

        assertThat(said.get("exit code")).as(said.toString()).isEqualTo("1");
        assertThat(said.get("err")).contains("keyvault-backup: Out of memory: the Java heap may have", "-Xmx512m");
    }

    private Map<String, String> inItsOwnProcess(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "io.keyvaultbackup.KeyvaultBackup",
                "runs",
                "--config",
                configuration().toString()));
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int exitCode = process.onExit().join().exitValue();
        Map<String, String> said = new HashMap<>();
        said.put("exit code", String.valueOf(exitCode));
        said.put("err", Files.readString(err, StandardCharsets.UTF_8));
        return said;
    }
}
