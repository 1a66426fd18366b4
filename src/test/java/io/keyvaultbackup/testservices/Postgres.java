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
    public record Database(String jdbcUrl, String user, String password) {}

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

    public Database newDatabase() {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException("cannot create the database " + name, failed);
        }
        return new Database("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name, USER, USER);
    }
}
