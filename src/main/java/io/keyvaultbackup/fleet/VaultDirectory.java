package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.DiscoveredVault;
import java.util.List;
import java.util.Map;

/** Who knows which vaults there are. */
public interface VaultDirectory {

    /**
     * All vaults that the identity may know of, with all their tags.
     *
     * @param subscriptions only of these; of all that the identity may read, if none is given
     * @throws DiscoveryException if it did not tell of all
     */
    Answer find(List<String> subscriptions);

    /**
     * @param unaddressed vaults that there are, but that cannot be backed up
     * @param remarks what could not be found out beside that, in sentences
     */
    record Answer(List<DiscoveredVault> vaults, List<Unaddressed> unaddressed, List<String> remarks) {

        public Answer {
            vaults = List.copyOf(vaults);
            unaddressed = List.copyOf(unaddressed);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * A vault whose address is not told, or is none.
     *
     * @param id as the directory names it
     * @param name the vault's own
     * @param subscription its subscription's id, lower case
     * @param why in words
     */
    record Unaddressed(
            String id, String name, String subscription, String resourceGroup, Map<String, String> tags, String why) {

        public Unaddressed {
            tags = Map.copyOf(tags);
        }
    }
}
