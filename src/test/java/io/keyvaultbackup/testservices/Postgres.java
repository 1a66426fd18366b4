package io.keyvaultbackup.testservices;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * PostgreSQL: one server for this JVM, from binaries that Maven brings, on a free port; it ends with the JVM. Safe for use by many
 * threads.
 */
public final class Postgres {

    private static final String USER = "postgres";

    private final EmbeddedPostgres server;
    private final AtomicInteger databases = new AtomicInteger();

    /** An empty database that no other test has. */
    public record Database(String jdbcUrl, String user, String password) {

        private String name() {
            return jdbcUrl.substring(jdbcUrl.lastIndexOf('/') + 1);
        }
    }

    private Postgres() {
        try {
            this.server = EmbeddedPostgres.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start PostgreSQL", failed);
        }
    }

    private static final class Shared {
        static final Postgres INSTANCE = new Postgres();
    }

    public static Postgres shared() {
        return Shared.INSTANCE;
    }

    /** Throws everybody out of this database, and lets nobody in. */
    public void close(Database database) {
        execute("ALTER DATABASE " + database.name() + " WITH ALLOW_CONNECTIONS false");
        dropConnections(database);
    }

    /** Throws everybody out of this database, who may come in again at once. */
    public void dropConnections(Database database) {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database.name() + "'");
    }

    /** Lets everybody in again. */
    public void open(Database database) {
        execute("ALTER DATABASE " + database.name() + " WITH ALLOW_CONNECTIONS true");
    }

    private void execute(String statement) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement once = connection.createStatement()) {
            once.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException("PostgreSQL does not do " + statement, failed);
        }
    }

    public Database newDatabase() {
        String name = "test_" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return new Database("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name, USER, USER);
    }
}
