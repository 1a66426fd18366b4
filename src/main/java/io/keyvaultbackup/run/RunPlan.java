package io.keyvaultbackup.run;

import java.util.List;
import java.util.Map;

/**
 * What a run would do.
 *
 * @param outcomes how many objects would begin so; PENDING are those that a backup call would be made for, COVERED_BY_CERTIFICATE
 *     those that their certificate would cover
 * @param incidents listings that failed
 * @param reuse from which snapshots the copies of those would be taken that are UNCHANGED; whether the store still has them is not looked at
 */
public record RunPlan(RunRequest request, Map<Outcome, Long> outcomes, List<Incident> incidents, Reuse reuse) {}
