package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

/** A new job database begins as a copy of an empty one, and nothing else does. */
class EmptyDatabaseTest {

    private static final String URL = "spring.datasource.url";

    @TempDir
    private Path directory;

    private final Map<String, String> properties = new TreeMap<>();
    private Path place;

    @BeforeEach
    void anEmptyDatabase() throws SQLException {
        SchemaCheck.migrate(JobTables.flyway(database(directory.resolve("empty"))));
        place = directory.resolve("data/keyvault-backup.mv.db");
        properties.put("spring.datasource.username", "sa");
        properties.put("spring.datasource.password", "");
        properties.put(
                URL, "jdbc:h2:file:" + directory.resolve("data/keyvault-backup") + ";MODE=PostgreSQL;WRITE_DELAY=0");
        properties.put(
                "keyvault-backup.ledger.empty-database",
                directory.resolve("empty.mv.db").toString());
    }

    @Test
    void aNewDatabaseBeginsAsItsCopy() throws SQLException, IOException {
        // when
        copy();

        // then it is all there is, and Flyway has nothing to do
        try (var files = Files.list(directory.resolve("data"))) {
            assertThat(files).containsExactly(place);
        }
        assertThat(AppliedMigrations.ofThisProgram().areIn(database(directory.resolve("data/keyvault-backup"))))
                .isTrue();
    }

    @Test
    void oneThatIsThereStays() throws SQLException {
        // given
        copy();
        JdbcTemplate sql = new JdbcTemplate(database(directory.resolve("data/keyvault-backup")));
        sql.execute("CREATE TABLE kept (id INT)");

        // when
        copy();

        // then
        assertThat(sql.queryForObject("SELECT COUNT(*) FROM kept", Integer.class))
                .isZero();
    }

    @Test
    void ofAnotherUserIsNoCopy() {
        properties.put("spring.datasource.password", "their own");
        copy();
        assertThat(place).doesNotExist();
    }

    @Test
    void anotherDatabaseIsNoCopy() {
        properties.put(URL, "jdbc:postgresql://localhost/keyvault");
        copy();
        assertThat(place).doesNotExist();
    }

    @Test
    void withoutTheFileTheTablesAreMadeAsEver() {
        properties.put(
                "keyvault-backup.ledger.empty-database",
                directory.resolve("none.mv.db").toString());
        copy();
        assertThat(place).doesNotExist();
    }

    private void copy() {
        LedgerProperties given = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate(LedgerProperties.PREFIX, LedgerProperties.class);
        MockEnvironment environment = new MockEnvironment();
        properties.forEach(environment::setProperty);
        new EmptyDatabase(given, environment).copy();
    }

    private static JdbcDataSource database(Path file) {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:file:" + file + ";MODE=PostgreSQL");
        database.setUser("sa");
        return database;
    }
}
