package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What one query sees of the tables, instead of Flyway: that they are up to date, and nothing else. */
class AppliedMigrationsTest {

    private static final Path FILE = Path.of("src/main/resources/io/keyvaultbackup/ledger/applied-migrations.txt");

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> areThoseThatFlywayNotes() throws SQLException {
        Postgres.Database postgres = Postgres.shared().newDatabase();
        return Stream.of(
                        h2("new"),
                        new DriverManagerDataSource(postgres.jdbcUrl(), postgres.user(), postgres.password()))
                .map(database -> DynamicTest.dynamicTest(database.getClass().getSimpleName(), () -> {
                    // given
                    SchemaCheck.migrate(JobTables.flyway(database));

                    // when
                    AppliedMigrations applied = AppliedMigrations.in(database);
                    if (Boolean.getBoolean("applied-migrations.write")) {
                        Files.createDirectories(FILE.getParent());
                        Files.write(FILE, applied.lines());
                    }

                    // then
                    assertThat(Files.readAllLines(FILE))
                            .as(
                                    "to write it anew: ./mvnw test -Dtest=AppliedMigrationsTest -Dapplied-migrations.write=true")
                            .isEqualTo(applied.lines());
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotExactlyThatIsFlywaysConcern() {
        return Stream.of(
                        "UPDATE \"flyway_schema_history\" SET \"checksum\" = 1 WHERE \"version\" = '2'",
                        "UPDATE \"flyway_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '2'",
                        "DELETE FROM \"flyway_schema_history\" WHERE \"installed_rank\" = 3",
                        "DROP TABLE \"flyway_schema_history\"")
                .map(change -> DynamicTest.dynamicTest(change, () -> {
                    // given
                    DataSource database = h2(String.valueOf(change.hashCode()));
                    SchemaCheck.migrate(JobTables.flyway(database));
                    assertThat(AppliedMigrations.ofThisProgram().areIn(database))
                            .isTrue();

                    // when
                    new JdbcTemplate(database).execute(change);

                    // then
                    assertThat(AppliedMigrations.ofThisProgram().areIn(database))
                            .isFalse();
                }));
    }

    @Test
    void aNewDatabaseHasNone() throws SQLException {
        assertThat(AppliedMigrations.ofThisProgram().areIn(h2("none"))).isFalse();
        assertThat(AppliedMigrations.ofThisProgram().lines()).isNotEmpty();
    }

    private DataSource h2(String name) {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:file:" + directory.resolve(name) + ";MODE=PostgreSQL");
        return database;
    }
}
