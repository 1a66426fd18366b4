package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What reads a run page by page reads each page once, however large the vault is. */
class PagesTest {

    private static final int OBJECTS = 10_000;
    private static final String RUN = "run";
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");

    private final JdbcConnectionPool pool =
            JdbcConnectionPool.create("jdbc:h2:mem:pages" + System.nanoTime() + ";MODE=PostgreSQL", "sa", "");
    private final JdbcTemplate sql = new JdbcTemplate(pool);

    @BeforeEach
    void aLargeRun() {
        SchemaCheck.migrate(JobTables.flyway(pool));
        sql.update(
                "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs,"
                        + " selection, status) VALUES (?, '', CURRENT_TIMESTAMP, '', '', '', '', 'RUNNING')",
                RUN);
        for (String outcome : List.of("PENDING", "BACKED_UP")) {
            sql.batchUpdate(
                    "INSERT INTO ledger_object (snapshot_id, kind, name, managed, enabled, tags, outcome, execution, attempts)"
                            + " VALUES (?, 'SECRET', ?, FALSE, TRUE, '{}', ?, 1, 0)",
                    IntStream.range(0, OBJECTS)
                            .mapToObj(object -> new Object[] {RUN, "%s%05d".formatted(outcome, object), outcome})
                            .toList());
        }
    }

    @AfterEach
    void close() {
        pool.dispose();
    }

    @Test
    void aPageOfAllScansThatPage() {
        assertScansOnePage(Pages.sql("*", "TRUE"), Pages.PAGE);
        assertScansOnePage(Pages.sql("kind, name", "outcome IN ('BACKED_UP', 'UNCHANGED')"), Pages.PAGE);
    }

    @Test
    void aPageOfWhatIsPendingScansThatPage() {
        assertScansOnePage(ObjectLedger.PENDING_PAGE, 1_000);
    }

    private void assertScansOnePage(String page, int size) {
        String plan = Objects.requireNonNull(
                sql.queryForObject("EXPLAIN ANALYZE " + page, String.class, RUN, "SECRET", "", size));
        assertThat(plan).contains("index sorted");
        assertThat(SCANNED.matcher(plan).results().map(count -> Integer.valueOf(count.group(1))))
                .as(plan)
                .singleElement()
                .satisfies(scanned -> assertThat(scanned).isBetween(size, size + 1));
    }
}
