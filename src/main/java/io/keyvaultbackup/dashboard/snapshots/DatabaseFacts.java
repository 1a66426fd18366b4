package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.ledger.VaultChecks;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What the job database tells of some snapshots of a vault.
 *
 * @param verified the newest examination of each manifest of which something was told, by the manifest's name
 */
record DatabaseFacts(
        Map<SnapshotId, RunSummary> runs,
        Map<String, VaultChecks.Verification> verified,
        Map<SnapshotId, VaultChecks.Drill> drilled) {

    private static final int CHECKS = 500;

    static DatabaseFacts of(
            VaultAddress vault, Collection<SnapshotId> snapshots, RunSummaries runs, VaultChecks checks) {
        Map<SnapshotId, RunSummary> found = new HashMap<>();
        runs.find(snapshots).stream()
                .filter(run -> run.vault().equals(vault))
                .forEach(run -> found.put(run.snapshot(), run));
        Map<String, VaultChecks.Verification> verified = new HashMap<>();
        for (VaultChecks.Verification verification : checks.verifications(vault, CHECKS)) {
            if (verification.told() != null) {
                verified.putIfAbsent(verification.manifest(), verification);
            }
        }
        Map<SnapshotId, VaultChecks.Drill> drilled = new HashMap<>();
        for (VaultChecks.Drill drill : checks.drills(vault, CHECKS)) {
            if (drill.endedAt() != null) {
                drilled.putIfAbsent(new SnapshotId(drill.snapshot()), drill);
            }
        }
        return new DatabaseFacts(found, verified, drilled);
    }
}
