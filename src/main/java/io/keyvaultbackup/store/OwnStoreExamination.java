package io.keyvaultbackup.store;

import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.List;

/** Examines a store that only some vaults have, and says which; one that can not even be made is a finding. */
record OwnStoreExamination(StorePlace place, List<String> vaults) implements Examination {

    private static final int NAMED = 3;

    @Override
    public String subject() {
        String whose = " of " + String.join(", ", vaults.subList(0, Math.min(NAMED, vaults.size())))
                + (vaults.size() > NAMED ? " and " + (vaults.size() - NAMED) + " more" : "");
        try {
            return place.examination().subject() + whose;
        } catch (IllegalArgumentException notMade) {
            return "store" + whose;
        }
    }

    @Override
    public List<Finding> examine() {
        try {
            return place.examination().examine();
        } catch (IllegalArgumentException notMade) {
            return List.of(
                    Finding.failed(
                            "examine",
                            Failure.of(
                                    FailureReason.UNKNOWN,
                                    "it can not be used as it is configured: its connection string or URL is none that the SDK takes")));
        }
    }
}
