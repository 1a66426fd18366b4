package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which vaults are backed up, and what of them.
 *
 * @param vaults their names (team-a), hosts or addresses
 * @param kinds secret, key, certificate; all where none is given
 * @param include only objects that match one of these, such as app-* or secret/db-*
 * @param exclude no objects that match one of these
 * @param vaultsAtOnce how many of several vaults are backed up side by side, each at its own budget: 1 to 16
 */
@ConfigurationProperties("keyvault-backup")
record BackupSelectionProperties(
        @DefaultValue List<String> vaults,
        @DefaultValue List<String> kinds,
        @DefaultValue List<String> include,
        @DefaultValue List<String> exclude,
        @DefaultValue("4") int vaultsAtOnce) {

    private static final int MOST_AT_ONCE = 16;

    /**
     * All that is wrong, in sentences; empty if nothing is.
     *
     * @param vaultSuffix of vaults that are named by their name alone
     */
    List<String> problems(String vaultSuffix) {
        List<String> problems = new ArrayList<>();
        vaults.forEach(vault ->
                attempt(problems, "keyvault-backup.vaults (--vault)", () -> VaultAddress.parse(vault, vaultSuffix)));
        kinds.forEach(kind -> attempt(problems, "keyvault-backup.kinds (--kind)", () -> ObjectKind.ofWord(kind)));
        refuseControlCharacters(problems, "include", include);
        refuseControlCharacters(problems, "exclude", exclude);
        if (vaultsAtOnce < 1 || vaultsAtOnce > MOST_AT_ONCE) {
            problems.add("keyvault-backup.vaults-at-once: " + vaultsAtOnce + " is not between 1 and " + MOST_AT_ONCE
                    + ", such as 4");
        }
        return problems;
    }

    /** No object's name has one; it would only disturb the terminal that it is shown on. */
    static void refuseControlCharacters(List<String> problems, String option, List<String> patterns) {
        for (String pattern : patterns) {
            if (!Printable.json(pattern).equals(pattern)) {
                problems.add("keyvault-backup." + option + " (--" + option + "): '" + pattern
                        + "' holds a control character; a pattern looks like secret/app-*");
            }
        }
    }

    private static void attempt(List<String> problems, String property, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException unreadable) {
            problems.add(property + ": " + unreadable.getMessage());
        }
    }

    /** @throws IllegalArgumentException if there are {@link #problems(String)} with them */
    Set<VaultAddress> addresses(String vaultSuffix) {
        Set<VaultAddress> addresses = new LinkedHashSet<>();
        vaults.forEach(vault -> addresses.add(VaultAddress.parse(vault, vaultSuffix)));
        return addresses;
    }

    /** @throws IllegalArgumentException if there are {@link #problems(String)} with it */
    Selection selection() {
        EnumSet<ObjectKind> wanted = EnumSet.noneOf(ObjectKind.class);
        kinds.forEach(kind -> wanted.add(ObjectKind.ofWord(kind)));
        return new Selection(wanted.isEmpty() ? EnumSet.allOf(ObjectKind.class) : wanted, include, exclude);
    }
}
