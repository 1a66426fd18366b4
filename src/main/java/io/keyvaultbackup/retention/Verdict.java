package io.keyvaultbackup.retention;

import java.util.List;

/**
 * What is to become of a snapshot.
 *
 * @param reasons why it is kept, for people; none if it is to be forgotten
 */
record Verdict(Candidate candidate, List<String> reasons) {

    Verdict {
        reasons = List.copyOf(reasons);
    }

    boolean isKept() {
        return !reasons.isEmpty();
    }
}
