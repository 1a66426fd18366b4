package io.keyvaultbackup.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

/**
 * Gives what Spring Batch observes the vault of the execution that it happens in: its own tags tell jobs and steps, and a process may be at work on
 * several vaults. Whoever executes a job does so within an observation that has the tag.
 */
public final class OfVault implements ObservationFilter {

    /** The tag of all that is of one vault. */
    public static final String VAULT = "vault";

    private static final String SPRING_BATCHS = "spring.batch.";

    @Override
    public Observation.Context map(Observation.Context context) {
        if (context.getName() != null && context.getName().startsWith(SPRING_BATCHS)) {
            context.addLowCardinalityKeyValue(KeyValue.of(VAULT, vaultAbove(context.getParentObservation())));
        }
        return context;
    }

    private static String vaultAbove(@Nullable ObservationView observation) {
        for (ObservationView above = observation; above != null; ) {
            KeyValue vault = above.getContextView().getLowCardinalityKeyValue(VAULT);
            if (vault != null) {
                return vault.getValue();
            }
            above = above.getContextView().getParentObservation();
        }
        return "none";
    }
}
