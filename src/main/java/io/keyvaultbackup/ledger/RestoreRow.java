package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of a restore: as the snapshot has it, what is to be done with it or became of it, and how it compares.
 *
 * @param versions its versions in the snapshot; null if they were not recorded there
 * @param copy its copy; null if it has none of its own
 * @param why it is not restored, in a sentence; null where nothing needs saying
 * @param millis how long the restore took; null if it was not restored
 * @param failure why it was not done, or could not be compared
 * @param deviations what was not as in the snapshot when it was compared last
 */
public record RestoreRow(
        VaultObject object,
        @Nullable List<ObjectVersion> versions,
        ObjectResult.@Nullable Blob copy,
        RestoreOutcome outcome,
        @Nullable String why,
        @Nullable Long millis,
        @Nullable Failure failure,
        List<Deviation> deviations) {

    public RestoreRow {
        deviations = List.copyOf(deviations);
    }

    /** What the snapshot has of an object, for a start. */
    public static RestoreRow of(LedgerObject saved, RestoreOutcome outcome, @Nullable String why) {
        return new RestoreRow(
                saved.object(), saved.result().versions(), saved.result().blob(), outcome, why, null, null, List.of());
    }

    public ObjectId id() {
        return object.id();
    }

    /** The same object, of which something else became. */
    public RestoreRow with(RestoreOutcome became, @Nullable String because) {
        return new RestoreRow(object, versions, copy, became, because, millis, null, List.of());
    }

    /** The same object, done in so much time. */
    public RestoreRow done(RestoreOutcome became, long took) {
        return new RestoreRow(object, versions, copy, became, null, took, null, List.of());
    }

    /** The same object, of which this became, and why. */
    public RestoreRow failed(RestoreOutcome became, Failure why) {
        return new RestoreRow(object, versions, copy, became, null, millis, why, List.of());
    }

    /** The same object, once it was compared. */
    public RestoreRow compared(List<Deviation> found) {
        return new RestoreRow(object, versions, copy, outcome, why, millis, null, found);
    }

    /** The same object, and how it compared, once a drill has removed it or could not. */
    public RestoreRow removed(RestoreOutcome became, @Nullable String because, @Nullable Failure failed) {
        return new RestoreRow(object, versions, copy, became, because, millis, failed, deviations);
    }
}
