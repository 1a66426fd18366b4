package io.keyvaultbackup.snapshot;

import java.time.Duration;
import java.util.List;

/**
 * What an examination came to.
 *
 * @param stopped whether it was stopped before it was done
 * @param findings the damage first
 * @param manifests of the vault that were looked at
 * @param forgotten manifests that were removed and left their tombstones
 * @param copies that the manifest refers to
 * @param copiesRead byte by byte, in this execution or an earlier one of the same examination
 */
public record VerificationResult(
        VerificationRequest request,
        boolean stopped,
        List<IntegrityFinding> findings,
        long manifests,
        long forgotten,
        long copies,
        long copiesRead,
        Duration duration) {

    /** In a word. */
    public enum Status {
        /** All is there, as it was written, as far as it was looked at. */
        WHOLE,
        DAMAGED,
        STOPPED,
        /** The store did not give all that was to be looked at. */
        UNKNOWN
    }

    public VerificationResult {
        findings = List.copyOf(findings);
    }

    /** What was found counts, even where it was stopped then. */
    public Status status() {
        if (has(IntegrityProblem.Level.DAMAGE)) {
            return Status.DAMAGED;
        }
        if (stopped) {
            return Status.STOPPED;
        }
        return has(IntegrityProblem.Level.UNKNOWN) ? Status.UNKNOWN : Status.WHOLE;
    }

    public boolean has(IntegrityProblem.Level level) {
        return findings.stream().anyMatch(finding -> finding.problem().level() == level);
    }
}
