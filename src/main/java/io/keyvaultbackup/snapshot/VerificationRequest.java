package io.keyvaultbackup.snapshot;

import java.util.List;

/**
 * What to examine.
 *
 * @param known what was found before, and belongs to the result
 */
public record VerificationRequest(StoredSnapshot snapshot, ReadData read, List<IntegrityFinding> known) {

    public VerificationRequest {
        known = List.copyOf(known);
    }
}
