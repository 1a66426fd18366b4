package io.keyvaultbackup.ledger;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.vault.FailureReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the job database, brings its tables up to date as any verb does, and writes into it what it takes back. */
@Lazy
@Order // the last: a database that does not answer is waited for
final class DatabaseExamination implements Examination {

    private final ObjectProvider<DataSource> dataSource;
    private final ObjectProvider<JobTables> tables;
    private final ObjectProvider<JdbcClient> jdbc;
    private final ObjectProvider<PlatformTransactionManager> transactions;

    DatabaseExamination(
            ObjectProvider<DataSource> dataSource,
            ObjectProvider<JobTables> tables,
            ObjectProvider<JdbcClient> jdbc,
            ObjectProvider<PlatformTransactionManager> transactions) {
        this.dataSource = dataSource;
        this.tables = tables;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public String subject() {
        return "database";
    }

    @Override
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        for (Look look : List.of(
                new Look("reach", this::reach), new Look("tables", this::tables), new Look("write", this::write))) {
            Finding finding = look.now();
            findings.add(finding);
            if (finding.level() == Finding.Level.FAILED) {
                break; // so would the others
            }
        }
        return findings;
    }

    private String reach() throws SQLException {
        try (Connection connection = dataSource.getObject().getConnection()) {
            return connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion().split(" ", -1)[0];
        }
    }

    private String tables() {
        jdbc.getObject(); // whose making waits for the migrations
        MigrationInfo current = tables.getObject().newest();
        return "up to date"
                + (current == null ? "" : ", version " + current.getVersion() + " (" + current.getDescription() + ")");
    }

    private String write() {
        new TransactionTemplate(transactions.getObject()).executeWithoutResult(transaction -> {
            transaction.setRollbackOnly();
            jdbc.getObject()
                    .sql(
                            "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs,"
                                    + " selection, status) VALUES ('doctor', '', CURRENT_TIMESTAMP, '', '', '', '', 'RUNNING')")
                    .update();
        });
        return "can be written";
    }

    private record Look(String check, Seeing seeing) {

        Finding now() {
            try {
                return Finding.ok(check, seeing.see());
            } catch (SQLException | RuntimeException failed) {
                Optional<DatabaseFailure> understood = DatabaseFailure.of(failed);
                return new Finding(
                        check,
                        Finding.Level.FAILED,
                        understood.map(DatabaseFailure::what).orElseGet(() -> String.valueOf(failed.getMessage())),
                        understood
                                .map(DatabaseFailure::advice)
                                .orElse("Look at spring.datasource.url and keyvault-backup.data-directory."),
                        FailureReason.UNKNOWN);
            }
        }
    }

    @FunctionalInterface
    private interface Seeing {

        String see() throws SQLException;
    }
}
