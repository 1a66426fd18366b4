package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Immutability;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Settlement;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be told of a run, from its ledger. */
final class RunResults {

    private static final int INCIDENTS_TOLD = 50;

    private final ObjectLedger objects;

    RunResults(ObjectLedger objects) {
        this.objects = objects;
    }

    RunResult alreadyComplete(RunRecord run, String storeLocation) {
        RunRecord.Execution last = run.latest();
        return result(
                run.request(),
                last.number(),
                RunStatus.COMPLETE,
                true,
                Reuse.NONE,
                Immutability.NONE,
                new Settlement(last.consistentAsOf(), 0, 0, List.of(), 0),
                last.manifest(),
                storeLocation,
                null,
                Duration.between(last.startedAt(), last.endedAt() == null ? last.startedAt() : last.endedAt()),
                List.of());
    }

    RunResult ended(
            RunRequest request,
            int execution,
            RunStatus status,
            Reuse reuse,
            Immutability immutability,
            Settlement settlement,
            @Nullable String manifest,
            String storeLocation,
            Pacer.Usage usage,
            Duration duration,
            List<Incident> incidents) {
        return result(
                request,
                execution,
                status,
                false,
                reuse,
                immutability,
                settlement,
                manifest,
                storeLocation,
                usage,
                duration,
                incidents.stream().distinct().toList());
    }

    private RunResult result(
            RunRequest request,
            int execution,
            RunStatus status,
            boolean alreadyComplete,
            Reuse reuse,
            Immutability immutability,
            Settlement settlement,
            @Nullable String manifest,
            String storeLocation,
            Pacer.@Nullable Usage usage,
            Duration duration,
            List<Incident> defects) {
        SnapshotId snapshot = request.snapshot();
        Map<Outcome, Long> outcomes = objects.counts(snapshot);
        List<Incident> incidents = new ArrayList<>(defects);
        incidents.addAll(objects.incidents(snapshot, INCIDENTS_TOLD));
        long failedListings = Listing.incidents(objects.listings(snapshot)).size();
        Set<FailureReason> reasons = objects.reasons(snapshot);
        Set<FailureReason> all = EnumSet.noneOf(FailureReason.class);
        all.addAll(reasons);
        defects.forEach(defect -> all.add(defect.failure().reason()));
        all.remove(FailureReason.CERTIFICATE_NOT_BACKED_UP); // what the certificate's own failure brought about
        boolean nothingDone = manifest == null
                && !all.isEmpty()
                && !outcomes.containsKey(Outcome.BACKED_UP)
                && !outcomes.containsKey(Outcome.UNCHANGED);
        return new RunResult(
                request,
                execution,
                status,
                alreadyComplete,
                outcomes,
                incidents,
                defects.size() + failedListings + outcomes.getOrDefault(Outcome.FAILED, 0L),
                status == RunStatus.STOPPED
                        || outcomes.containsKey(Outcome.PENDING)
                        || all.stream().anyMatch(FailureReason::relaunchMayHelp),
                nothingDone && all.stream().allMatch(FailureReason::isMissingPermission),
                nothingDone && all.stream().allMatch(FailureReason::isMissingStore),
                reuse,
                immutability,
                settlement,
                manifest,
                storeLocation,
                usage,
                duration);
    }

    /** What the job database did to a run, also where it is there again. */
    static Optional<Throwable> ofDatabase(List<Throwable> thrown) {
        return thrown.stream()
                .filter(each -> DatabaseFailure.of(each).isPresent())
                .findFirst();
    }

    /** What made the job itself fail, in its own words where it has some. */
    static Failure understand(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException understood) {
                return understood.failure();
            }
            if (cause instanceof LeaseLostException) {
                return Failure.of(FailureReason.LEASE_LOST, String.valueOf(cause.getMessage()));
            }
        }
        return Failure.of(
                FailureReason.UNKNOWN,
                DatabaseFailure.of(thrown)
                        .map(DatabaseFailure::what)
                        .orElseGet(() -> String.valueOf(thrown.getMessage())));
    }
}
