package io.keyvaultbackup.ledger;

import java.util.List;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.ValidateOutput;

/**
 * Brings the tables up to date, unless they are not what this version left or expects: made by a newer version, half made, or made
 * by other scripts. Flyway by itself would go on with the first.
 */
final class SchemaCheck {

    private static final Set<ErrorCode> CHANGED = Set.of(
            CoreErrorCode.CHECKSUM_MISMATCH,
            CoreErrorCode.TYPE_MISMATCH,
            CoreErrorCode.DESCRIPTION_MISMATCH,
            CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED);

    private SchemaCheck() {}

    /**
     * @throws DatabaseRefusedException that says which of these it is
     */
    static void migrate(Flyway flyway) {
        for (MigrationInfo migration : flyway.info().all()) {
            switch (migration.getState()) {
                case FUTURE_SUCCESS, FUTURE_FAILED ->
                    throw refused(
                            "The job database was brought to version " + migration.getVersion()
                                    + " by a newer version of this program, which this one does not know.",
                            "Run that version or a newer one, or give this one a database of its own.");
                case FAILED ->
                    throw refused(
                            "The job database is half changed: its migration to version " + migration.getVersion()
                                    + " failed.",
                            "Restore the database from before the upgrade, or give this program a new one: nothing in the store"
                                    + " depends on it.");
                default -> {
                    // applied, or to be applied
                }
            }
        }
        List<ValidateOutput> invalid = flyway.validateWithResult().invalidMigrations;
        for (ValidateOutput migration : invalid == null ? List.<ValidateOutput>of() : invalid) {
            if (CHANGED.contains(migration.errorDetails.errorCode)) {
                throw refused(
                        "The job database's tables are not those of this program: migration " + migration.version
                                + " was another one when it was applied.",
                        "Run the version of this program that made them, or give this one a database of its own.");
            }
        }
        flyway.migrate();
    }

    private static DatabaseRefusedException refused(String what, String advice) {
        return new DatabaseRefusedException(DatabaseFailure.failed(what, advice));
    }
}
