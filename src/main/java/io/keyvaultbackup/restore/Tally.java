package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a restore has come to, counted in its ledger. */
final class Tally {

    private static final int TOLD = 50;

    /** What tells that something was done. */
    private static final Set<RestoreOutcome> SOMETHING = EnumSet.of(
            RestoreOutcome.RESTORED,
            RestoreOutcome.RECOVERED,
            RestoreOutcome.ALREADY_THERE,
            RestoreOutcome.REMOVED,
            RestoreOutcome.DELETED,
            RestoreOutcome.LEFT_BEHIND);

    private final Map<RestoreOutcome, Long> counts;
    private final List<Incident> incidents = new ArrayList<>();
    private final Map<ObjectId, List<Deviation>> deviations = new LinkedHashMap<>();
    private final Set<FailureReason> reasons = EnumSet.noneOf(FailureReason.class);
    private long failures;
    private long deviating;

    Tally(RestoreLedger ledger, String restore) {
        this.counts = ledger.counts(restore);
        ledger.forEach(restore, EnumSet.allOf(RestoreOutcome.class), this::count);
    }

    private void count(RestoreRow row) {
        @Nullable Failure failure = row.failure();
        if (failure != null) {
            failed(new Incident(row.id().toString(), failure));
        }
        if (!row.deviations().isEmpty()) {
            deviating++;
            if (deviations.size() < TOLD) {
                deviations.put(row.id(), row.deviations());
            }
        }
    }

    /** Something else that went wrong. */
    void failed(Incident incident) {
        failures++;
        reasons.add(incident.failure().reason());
        if (incidents.size() < TOLD) {
            incidents.add(incident);
        }
    }

    Map<RestoreOutcome, Long> counts() {
        return counts;
    }

    List<Incident> incidents() {
        return incidents;
    }

    long failures() {
        return failures;
    }

    Map<ObjectId, List<Deviation>> deviations() {
        return deviations;
    }

    long deviating() {
        return deviating;
    }

    boolean damagedCopies() {
        return reasons.contains(FailureReason.COPY_DAMAGED);
    }

    boolean relaunchMayHelp() {
        return reasons.stream().anyMatch(FailureReason::relaunchMayHelp)
                || RestoreOutcome.TO_DO.stream().anyMatch(counts::containsKey)
                || counts.containsKey(RestoreOutcome.TO_COMPARE);
    }

    boolean nothingForLackOfPermission() {
        return !reasons.isEmpty()
                && reasons.stream().allMatch(FailureReason::isMissingPermission)
                && SOMETHING.stream().noneMatch(counts::containsKey);
    }

    /**
     * Once everything was tried and compared.
     *
     * @param good what every object should have come to
     */
    RestoreStatus status(List<String> notInSnapshot, Set<RestoreOutcome> good) {
        if (deviating > 0) {
            return RestoreStatus.DIFFERENT;
        }
        boolean inPlace = failures == 0 && notInSnapshot.isEmpty() && good.containsAll(counts.keySet());
        return inPlace ? RestoreStatus.COMPLETE : RestoreStatus.INCOMPLETE;
    }
}
