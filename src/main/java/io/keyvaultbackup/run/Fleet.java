package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which vaults there are, and what is said of each alone: the verbs' and the jobs' way to the fleet. Safe for use by many threads. */
public interface Fleet {

    /**
     * Which vaults are meant.
     *
     * @param named by {@code keyvault-backup.vaults}
     * @param theseAlone whether no other is meant: they are named on the command line
     * @param group only vaults of this schedule group; null for all
     * @param keep whether what is discovered may be kept in the store, for a night when discovery fails
     */
    record Question(
            Set<VaultAddress> named,
            boolean theseAlone,
            @Nullable String group,
            boolean keep) {

        public Question {
            named = Collections.unmodifiableSet(new LinkedHashSet<>(named));
        }
    }

    /**
     * The vaults that are meant, each once. Asks Azure where the configuration wants that, and then knows more of each vault's
     * {@linkplain #termsOf terms}.
     *
     * @throws RunRefusedException if there is no vault of that group
     */
    FleetList list(Question question);

    /**
     * Those of which a store is to have snapshots, as far as that can be known without asking Azure: which the configuration names, and, where vaults are
     * discovered, those of the last known list in the store that it selects.
     *
     * @param named by {@code keyvault-backup.vaults}
     * @return with a discovery of that list where vaults are discovered
     */
    FleetList lastKnown(Set<VaultAddress> named);

    /** Those that the configuration lists one by one; nobody is asked. */
    Set<VaultAddress> listed();

    /** Whether there are others, that are discovered. */
    boolean isDiscovered();

    /** What is said of a vault; what the command line says holds for every one. */
    VaultTerms termsOf(VaultAddress vault);
}
