package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** H2 commits each table by itself, so a process that is killed at its first start leaves a part of them. */
class HalfMadeTablesTest {

    @Test
    void aLaunchGoesOnWithTheTablesWhereverTheOneBeforeWasKilledWhileItMadeThem() throws SQLException {
        // given
        Killed whole = new Killed(database("whole"), Integer.MAX_VALUE);
        migrate(whole);
        List<String> tables = tables(whole);
        assertThat(whole.statements).as("statements of a first start").isGreaterThanOrEqualTo(40);

        for (int survived = 0; survived < whole.statements; survived++) {
            DataSource database = database("killed-" + survived);
            Killed killed = new Killed(database, survived);
            assertThatExceptionOfType(Kill.class).isThrownBy(() -> migrate(killed));
            killed.letGo();

            // when
            migrate(database);

            // then
            assertThat(tables(database))
                    .as("tables after a kill behind statement %d", survived)
                    .isEqualTo(tables);
        }
    }

    @Test
    void jobsThatAreThereAlreadyAreNotRemovedWithTheTables() {
        // given another program's tables, which nobody but the operator could have let pass
        DataSource database = database("of-others");
        JdbcTemplate sql = new JdbcTemplate(database);
        migrate(database);
        sql.update("INSERT INTO BATCH_JOB_INSTANCE (VERSION, JOB_NAME, JOB_KEY) VALUES (0, 'theirs', 'key')");
        migrate(database);
        sql.update("DELETE FROM \"flyway_schema_history\" WHERE \"version\" IS NOT NULL");

        // then
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> migrate(database))
                .withStackTraceContaining("with jobs in them");
        assertThat(sql.queryForList("SELECT JOB_NAME FROM BATCH_JOB_INSTANCE", String.class))
                .containsExactly("theirs");
    }

    private static DataSource database(String name) {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:half-made-" + name + ";MODE=PostgreSQL;DB_CLOSE_DELAY=-1");
        return database;
    }

    private static void migrate(DataSource database) {
        SchemaCheck.migrate(JobTables.flyway(database));
    }

    /** What H2 has, but for the names that it makes up from its own counters, the order, and the key of Flyway's own small table. */
    private static List<String> tables(DataSource database) {
        return new JdbcTemplate(database)
                .queryForList("SCRIPT NODATA", String.class).stream()
                        .map(line -> String.valueOf(line)
                                .replaceAll("(CONSTRAINT|PRIMARY_KEY|CONSTRAINT_INDEX)_[0-9A-F_]+", "$1"))
                        .filter(line -> !line.contains("flyway_schema_history"))
                        .sorted()
                        .toList();
    }

    /** No exception, so that nobody tries again or writes down that it failed. */
    private static final class Kill extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Connections that are of no use after so many changes: whoever has them can record nothing more either, as if killed. */
    private static final class Killed extends DelegatingDataSource {
        private static final Pattern CHANGE = Pattern.compile("(?im)^\\s*(CREATE|ALTER|DROP|INSERT)");
        private final int survived;
        private final List<Connection> connections = new ArrayList<>();
        private int statements;

        Killed(DataSource database, int survived) {
            super(database);
            this.survived = survived;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            connections.add(connection);
            return (Connection) watched(Connection.class, connection);
        }

        /** As the operating system does for a process that is gone. */
        void letGo() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }

        private Object watched(Class<?> type, Object real) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                if (arguments != null
                        && arguments[0] instanceof String sql
                        && CHANGE.matcher(sql).find()) {
                    statements++;
                }
                if (statements > survived && !method.getName().equals("close")) {
                    throw new Kill();
                }
                try {
                    Object answer = method.invoke(real, arguments);
                    return answer instanceof Statement ? watched(method.getReturnType(), answer) : answer;
                } catch (InvocationTargetException failed) {
                    throw failed.getCause();
                }
            });
        }
    }
}
