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
     */
    record Question(
            Set<VaultAddress> named,
            boolean theseAlone,
            @Nullable String group) {

        public Question {
            named = Collections.unmodifiableSet(new LinkedHashSet<>(named));
        }
    }

    /**
     * The vaults that are meant, each once, in the order in which they are named.
     *
     * @throws RunRefusedException if the configuration has no vault of that group
     */
    FleetList list(Question question);

    /** Those that the configuration lists one by one; nobody is asked. */
    Set<VaultAddress> listed();

    /** What is said of a vault; what the command line says holds for every one. */
    VaultTerms termsOf(VaultAddress vault);
}
