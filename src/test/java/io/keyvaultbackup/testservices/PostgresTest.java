package io.keyvaultbackup.testservices;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresTest {

    @Test
    void isPostgreSql17() throws SQLException {
        assertThat(text(Postgres.shared().newDatabase(), "select version()")).startsWith("PostgreSQL 17.");
    }

    @Test
    void givesEachCallerAnEmptyDatabaseOfItsOwn() throws SQLException {
        Postgres.Database one = Postgres.shared().newDatabase();
        Postgres.Database other = Postgres.shared().newDatabase();

        text(one, "create table only_here (x int); select 'done'");

        String tables = "select count(*) from information_schema.tables where table_schema = 'public'";
        assertThat(text(one, tables)).isEqualTo("1");
        assertThat(text(other, tables)).isEqualTo("0");
    }

    private static String text(Postgres.Database database, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return String.valueOf(result.getString(1));
            }
        }
    }
}
