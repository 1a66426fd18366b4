package io.keyvaultbackup.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The job database in a data directory, from outside of the program. */
record JobDatabaseFile(Path data) {

    private static final String H2 = ";MODE=PostgreSQL;WRITE_DELAY=0";

    String url() {
        return "jdbc:h2:file:" + data + "/keyvault-backup" + H2;
    }

    Path file() {
        return data.resolve("keyvault-backup.mv.db");
    }

    /** A process that has the file open, without a server that others could use. */
    Holder heldByAnotherProcess() throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.h2.tools.Shell",
                        "-url",
                        url(),
                        "-user",
                        "sa",
                        "-password",
                        "")
                .redirectErrorStream(true)
                .start();
        Holder holder = new Holder(
                process, process.inputReader(StandardCharsets.UTF_8), process.outputWriter(StandardCharsets.UTF_8));
        holder.asked.write("SELECT 'it is ' || 'open';\n");
        holder.asked.flush();
        if (holder.said.lines().noneMatch(line -> line.contains("it is open"))) {
            holder.close();
            throw new IllegalStateException("the database could not be opened by another process");
        }
        return holder;
    }

    /** As if a newer version had changed the tables. */
    void migrateToTheFuture() {
        change(
                "INSERT INTO \"flyway_schema_history\" SELECT \"installed_rank\" + 90, '99', 'of the future', 'SQL', 'V99__x.sql',"
                        + " 1, 'sa', CURRENT_TIMESTAMP, 1, TRUE FROM \"flyway_schema_history\" WHERE \"version\" = '2'");
    }

    /** Changes one row. */
    void change(String statement) {
        int rows = JdbcClient.create(new DriverManagerDataSource(url(), "sa", ""))
                .sql(statement)
                .update();
        if (rows != 1) {
            throw new IllegalStateException(rows + " rows were changed by " + statement);
        }
    }

    record Holder(Process process, BufferedReader said, BufferedWriter asked) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            process.destroy();
            process.onExit().join();
            said.close();
        }
    }
}
