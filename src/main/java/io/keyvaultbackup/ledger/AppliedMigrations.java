package io.keyvaultbackup.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * What Flyway notes of migrations when it has applied them: version, checksum and success of each, in their order. Immutable.
 *
 * @param lines one for each, such as {@code 2 -1063438271 true}
 */
record AppliedMigrations(List<String> lines) {

    /** A test holds it against what Flyway makes. */
    private static final String FILE = "applied-migrations.txt";

    AppliedMigrations {
        lines = List.copyOf(lines);
    }

    /** Those of a database that needs no other. */
    static AppliedMigrations ofThisProgram() {
        try (InputStream file = Objects.requireNonNull(AppliedMigrations.class.getResourceAsStream(FILE))) {
            return new AppliedMigrations(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Those that a database says it has; none if it does not understand the question.
     *
     * @throws SQLException if there is no connection
     */
    static AppliedMigrations in(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return in(connection);
        }
    }

    /** Whether the database has exactly these. What else may be wrong with it, Flyway says.
     *
     * @throws SQLException if there is no connection
     */
    boolean areIn(DataSource dataSource) throws SQLException {
        return in(dataSource).equals(this);
    }

    private static AppliedMigrations in(Connection connection) {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (!hasHistory(statement)) { // H2 keeps a file of each question that it did not understand
                return new AppliedMigrations(lines);
            }
            ResultSet rows = statement.executeQuery("SELECT \"version\", \"checksum\", \"success\""
                    + " FROM \"flyway_schema_history\" WHERE \"version\" IS NOT NULL ORDER BY \"installed_rank\"");
            while (rows.next()) {
                lines.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getBoolean(3));
            }
        } catch (SQLException anotherHistory) {
            return new AppliedMigrations(List.of());
        }
        return new AppliedMigrations(lines);
    }

    private static boolean hasHistory(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT 1 FROM information_schema.tables WHERE table_name = 'flyway_schema_history'")) {
            return rows.next();
        }
    }
}
