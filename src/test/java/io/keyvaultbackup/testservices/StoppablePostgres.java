package io.keyvaultbackup.testservices;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of one test, which can be stopped and started again: on the same port, with all that it had. */
public final class StoppablePostgres implements AutoCloseable {

    private static final String USER = "postgres";

    private final Path data;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    private StoppablePostgres(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
        this.port = server.getPort();
    }

    /** @param data an empty directory */
    public static StoppablePostgres start(Path data) {
        return new StoppablePostgres(data, start(data, 0));
    }

    private static EmbeddedPostgres start(Path data, int port) {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        try {
            return port == 0 ? builder.start() : builder.setPort(port).start();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start PostgreSQL", failed);
        }
    }

    /** As its administrator stops it: whoever is connected is thrown out. */
    public synchronized void stop() {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot stop PostgreSQL", failed);
            }
        }
    }

    public synchronized void startAgain() {
        if (server == null) {
            server = start(data, port);
        }
    }

    public Postgres.Database database() {
        return new Postgres.Database("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, USER);
    }

    @Override
    public void close() {
        stop();
    }
}
