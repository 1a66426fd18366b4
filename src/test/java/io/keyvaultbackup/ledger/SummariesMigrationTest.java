package io.keyvaultbackup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a database has that was filled before there were summaries is counted when its tables are brought up to date. */
class SummariesMigrationTest {

    private static final Instant FIRST = Instant.parse("2026-01-01T03:00:00Z");
    private static final String MANIFEST = "/manifests/20260101T030000Z-abcdef.1.json";
    private static final long SEED = System.nanoTime();

    @TempDir
    private Path directory;

    @Test
    void whatH2HadOfBeforeIsCounted() throws SQLException {
        countedAsByRefresh(Map.of(
                "spring.datasource.url", "jdbc:h2:file:" + directory.resolve("before") + ";MODE=PostgreSQL",
                "spring.datasource.username", "sa",
                "spring.datasource.password", ""));
    }

    @Test
    void whatPostgresHadOfBeforeIsCounted() throws SQLException {
        Postgres.Database database = Postgres.shared().newDatabase();
        countedAsByRefresh(Map.of(
                "spring.datasource.url", database.jdbcUrl(),
                "spring.datasource.username", database.user(),
                "spring.datasource.password", database.password()));
    }

    private static void countedAsByRefresh(Map<String, String> properties) throws SQLException {
        // given
        DataSource database = new DriverManagerDataSource(
                Objects.requireNonNull(properties.get("spring.datasource.url")),
                Objects.requireNonNull(properties.get("spring.datasource.username")),
                Objects.requireNonNull(properties.get("spring.datasource.password")));
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/common")
                .javaMigrations(new SpringBatchTables())
                .target("12")
                .load()
                .migrate();
        try (Connection connection = database.getConnection()) {
            fill(new JdbcTemplate(new SingleConnectionDataSource(connection, true)), new Random(SEED));
        }

        // when
        try (ConfigurableApplicationContext context = LedgerContract.start(properties)) {
            RunSummaries summaries = context.getBean(RunSummaries.class);
            VaultSummaries vaults = context.getBean(VaultSummaries.class);
            JdbcTemplate sql = context.getBean(JdbcTemplate.class);
            List<RunSummary> migrated = summaries.matching(null, null, null, 1_000);
            List<VaultSummary> migratedVaults = vaults.all();

            // then
            assertThat(migrated).as("seed %d", SEED).hasSize(120);
            assertThat(migratedVaults).hasSize(3);
            assertThat(sql.queryForObject(
                            "SELECT COUNT(*) FROM ledger_object o JOIN ledger_run r ON r.snapshot_id = o.snapshot_id WHERE"
                                    + " (version_count IS NULL) <> (versions IS NULL) AND r.status <> 'COMPLETE'",
                            Long.class))
                    .isZero();
            sql.update(
                    "UPDATE ledger_object SET version_count = (LENGTH(versions) - LENGTH(REPLACE(versions, '{', '')))");
            sql.update("DELETE FROM ledger_summary");
            sql.update("DELETE FROM ledger_vault");
            migrated.forEach(run -> summaries.refresh(run.snapshot()));
            assertThat(summaries.matching(null, null, null, 1_000))
                    .as("seed %d", SEED)
                    .isEqualTo(migrated);
            assertThat(vaults.all())
                    .as("seed %d", SEED)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("changedAt")
                    .isEqualTo(migratedVaults);
            assertThat(migrated)
                    .anyMatch(run -> run.nearLimit() > 0 && !run.reasons().isEmpty());
            assertThat(migratedVaults)
                    .anyMatch(vault ->
                            vault.verified() != null && vault.verified().damage() == 2)
                    .anyMatch(vault ->
                            vault.drilled() != null && vault.drilled().status().equals("COMPLETE"));
        }
    }

    private static void fill(JdbcTemplate sql, Random random) {
        List<VaultAddress> vaults = List.of(
                VaultAddress.parse("https://one.vault.azure.net"),
                VaultAddress.parse("https://localhost:8443"),
                VaultAddress.parse("https://never-complete.vault.azure.net"));
        for (int vault = 0; vault < vaults.size(); vault++) {
            for (int night = 0; night < 40; night++) {
                run(sql, vaults.get(vault), FIRST.plus(Duration.ofDays(night)), vault == 2, random);
            }
            check(sql, vaults.get(vault).storeName(), vault);
        }
    }

    private static void run(JdbcTemplate sql, VaultAddress vault, Instant night, boolean neverComplete, Random random) {
        String run = SnapshotId.of(vault, night).value();
        RunStatus status = List.of(
                        neverComplete ? RunStatus.FAILED : RunStatus.COMPLETE,
                        RunStatus.INCOMPLETE,
                        RunStatus.FAILED,
                        RunStatus.STOPPED,
                        RunStatus.RUNNING)
                .get(random.nextInt(5));
        sql.update(
                "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs, selection,"
                        + " status) VALUES (?, ?, ?, 'SECRET', '[]', '[]', 'everything', ?)",
                run,
                vault.toString(),
                Rows.time(night),
                status.name());
        for (int execution = 1 + random.nextInt(3); execution > 0; execution--) {
            sql.update(
                    "INSERT INTO ledger_execution (snapshot_id, execution, started_at, ended_at, status, manifest, units_spent,"
                            + " throttles, consistent_as_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    run,
                    execution,
                    Rows.time(night.plusSeconds(execution)),
                    random.nextInt(4) == 0 ? null : Rows.time(night.plusSeconds(100L * execution)),
                    status.name(),
                    random.nextBoolean() ? "manifest " + execution : null,
                    random.nextBoolean() ? random.nextInt(1_000) : null,
                    random.nextBoolean() ? random.nextInt(10) : null,
                    random.nextBoolean() ? Rows.time(night.plusSeconds(50L * execution)) : null);
        }
        for (ObjectKind kind : ObjectKind.values()) {
            sql.update(
                    "INSERT INTO ledger_listing (snapshot_id, kind, objects, reason) VALUES (?, ?, 3, ?)",
                    run,
                    kind.name(),
                    random.nextInt(8) == 0 ? FailureReason.FIREWALL.name() : null);
            int objects = random.nextInt(6);
            for (int object = 0; object <= objects; object++) {
                object(sql, run, kind, "object-" + object, random);
            }
        }
    }

    private static void object(JdbcTemplate sql, String run, ObjectKind kind, String name, Random random) {
        Outcome outcome = List.of(Outcome.values()).get(random.nextInt(7));
        int versions = random.nextInt(20) == 0 ? 395 + random.nextInt(10) : random.nextInt(4);
        boolean copied = outcome == Outcome.BACKED_UP || outcome == Outcome.UNCHANGED;
        sql.update(
                "INSERT INTO ledger_object (snapshot_id, kind, name, managed, enabled, tags, outcome, execution, attempts, reason,"
                        + " versions, size) VALUES (?, ?, ?, FALSE, TRUE, '{}', ?, 1, ?, ?, ?, ?)",
                run,
                kind.name(),
                name,
                outcome.name(),
                random.nextInt(4),
                outcome == Outcome.FAILED
                        ? List.of(FailureReason.values()).get(random.nextInt(9)).name()
                        : null,
                random.nextBoolean()
                        ? Rows.json(Collections.nCopies(versions, new ObjectVersion("\"id\":0", true, FIRST, null)))
                        : null,
                copied ? random.nextLong(1L << 40) : null);
    }

    /** An examination that found two copies damaged, and one that goes on; a drill, a restore and a drill that goes on. */
    private static void check(JdbcTemplate sql, String folder, int vault) {
        for (int number = 0; number < 3; number++) {
            String id = "verification-" + vault + "-" + number;
            sql.update(
                    "INSERT INTO ledger_verification (verification_id, subject, manifest, part, parts, started_at, heard_at, ended)"
                            + " VALUES (?, ?, ?, 1, 1, ?, ?, ?)",
                    id,
                    "ab".repeat(32),
                    folder + MANIFEST,
                    Rows.time(FIRST.plusSeconds(number)),
                    Rows.time(FIRST.plusSeconds(60L + number)),
                    number < 2);
            for (String problem : number == 1 ? List.of("COPY_DAMAGED", "COPY_MISSING", "ORPHAN") : List.of("ORPHAN")) {
                sql.update(
                        "INSERT INTO ledger_finding (verification_id, problem, subject, message) VALUES (?, ?, 'secret/a', 'It is so.')",
                        id,
                        problem);
            }
            sql.update(
                    "INSERT INTO ledger_restore (restore_id, subject, source, snapshot_id, manifest, target, selection, trial,"
                            + " execution, started_at, ended_at, status) VALUES (?, ?, ?, 'snapshot', 'manifest', 'target', 'all', ?, 1, ?, ?, ?)",
                    "restore-" + vault + "-" + number,
                    "ab".repeat(32),
                    folder,
                    number != 1,
                    Rows.time(FIRST.plusSeconds(number)),
                    number == 2 ? null : Rows.time(FIRST.plusSeconds(10L + number)),
                    number == 2 ? null : "COMPLETE");
        }
    }
}
