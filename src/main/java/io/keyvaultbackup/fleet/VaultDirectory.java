package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.DiscoveredVault;
import java.util.List;

/** Who knows which vaults there are. */
public interface VaultDirectory {

    /**
     * All vaults that the identity may know of, with all their tags.
     *
     * @param subscriptions only of these; of all that the identity may read, if none is given
     * @throws DiscoveryException if it did not tell of all
     */
    Answer find(List<String> subscriptions);

    /** @param remarks what could not be found out beside that, in sentences */
    record Answer(List<DiscoveredVault> vaults, List<String> remarks) {

        public Answer {
            vaults = List.copyOf(vaults);
            remarks = List.copyOf(remarks);
        }
    }
}
