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

    public VerificationResult {
        findings = List.copyOf(findings);
    }

    public boolean has(IntegrityProblem.Level level) {
        return findings.stream().anyMatch(finding -> finding.problem().level() == level);
    }
}
