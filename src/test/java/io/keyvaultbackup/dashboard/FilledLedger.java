package io.keyvaultbackup.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs that tests write into the job database by SQL, rather than make. */
public final class FilledLedger {

    private FilledLedger() {}

    /** Counts the vaults that are not counted yet, by the statement of the migration that counted those of before. */
    public static void countVaults(JdbcClient jdbc) {
        try {
            String migration = Files.readString(Path.of("src/main/resources/db/migration/common/V13__summaries.sql"));
            jdbc.sql(migration
                            .substring(migration.indexOf("INSERT INTO ledger_vault (vault_uri, latest,"))
                            .strip()
                            .replaceFirst(";$", ""))
                    .update();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
