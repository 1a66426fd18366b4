package io.keyvaultbackup.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The first migration: Spring Batch's own tables, from the script that the library brings for this database. A test holds the
 * script's checksum, so that an upgrade which changes it fails the build and asks for a migration of what exists.
 */
final class SpringBatchTables implements JavaMigration {

    static final String SCRIPT = "org/springframework/batch/core/schema-%s.sql";
    private static final String H2 = "h2";
    private static final String INSTANCES = "BATCH_JOB_INSTANCE";
    private static final String REMOVAL = "org/springframework/batch/core/schema-drop-h2.sql";

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("1");
    }

    @Override
    public String getDescription() {
        return "spring batch tables";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws Exception {
        Connection connection = context.getConnection();
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        ResourceDatabasePopulator scripts = new ResourceDatabasePopulator();
        if (product.equals(H2)) {
            // it commits each table by itself: a process that was killed here left some, with nothing in them
            requireEmpty(connection);
            scripts.addScript(new ClassPathResource(REMOVAL));
        }
        scripts.addScript(new ClassPathResource(SCRIPT.formatted(product)));
        scripts.execute(new SingleConnectionDataSource(connection, true));
    }

    /** Another program's would not be. */
    private static void requireEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet tables = connection.getMetaData().getTables(null, null, INSTANCES, null)) {
            if (tables.next()) {
                try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + INSTANCES)) {
                    if (rows.next()) {
                        throw new DatabaseRefusedException(DatabaseFailure.failed(
                                "The job database has Spring Batch's tables already, with jobs in them, and none of this program.",
                                "Give this program a database of its own."));
                    }
                }
            }
        }
    }
}
