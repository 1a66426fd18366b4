package io.keyvaultbackup.testservices;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A write to a table of PostgreSQL's that waits, and whose connection is dropped meanwhile; the next connection is good. */
public final class DroppedWrite implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration ASKED_AGAIN = Duration.ofMillis(5);

    private final String table;
    private final Connection lock;
    private final Connection dropping;
    private final CompletableFuture<Void> dropped = new CompletableFuture<>();

    private DroppedWrite(String table, Connection lock, Connection dropping) {
        this.table = table;
        this.lock = lock;
        this.dropping = dropping;
    }

    public static DroppedWrite to(String table, Postgres.Database database) throws SQLException {
        Connection lock = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        lock.setAutoCommit(false);
        return new DroppedWrite(
                table, lock, DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password()));
    }

    /** From now on whoever writes to the table waits, until the first that does is dropped. */
    public void begin() {
        execute("LOCK TABLE " + table + " IN SHARE MODE");
        Thread.ofPlatform().start(() -> {
            try {
                dropWhatWaits();
                dropped.complete(null);
            } catch (RuntimeException | AssertionError failed) {
                dropped.completeExceptionally(failed);
            }
        });
    }

    private void dropWhatWaits() {
        JdbcClient server = JdbcClient.create(new SingleConnectionDataSource(dropping, true));
        long end = System.nanoTime() + LONGEST.toNanos();
        while (server.sql("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                        .query(Long.class)
                        .single()
                == 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("nobody writes to " + table);
            }
            LockSupport.parkNanos(ASKED_AGAIN.toNanos());
        }
        execute("ROLLBACK");
    }

    /** Waits until it was dropped. */
    public void await() {
        dropped.join();
    }

    private void execute(String statement) {
        try (Statement once = lock.createStatement()) {
            once.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() throws SQLException {
        lock.close();
        dropping.close();
    }
}
