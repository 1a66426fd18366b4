package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.VaultTerms;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fleet as the configuration has it. Immutable. */
final class ConfiguredFleet implements Fleet {

    private final Map<VaultAddress, ListedVault> listed = new LinkedHashMap<>();
    private final CommandLine commandLine;

    /** @param properties without {@linkplain FleetProperties#problems problems} */
    ConfiguredFleet(FleetProperties properties, AzureProperties azure, CommandLine commandLine) {
        this.commandLine = commandLine;
        properties
                .vaults()
                .forEach(vault -> listed.putIfAbsent(vault.address(azure.cloud().vaultSuffix()), vault));
    }

    @Override
    public FleetList list(Question question) {
        Set<VaultAddress> vaults = new LinkedHashSet<>(question.named());
        if (!question.theseAlone()) {
            vaults.addAll(listed.keySet());
        }
        @Nullable String group = question.group();
        if (group != null) {
            vaults.removeIf(vault -> !group.equals(groupOf(vault)));
            if (vaults.isEmpty()) {
                throw noneOf(group);
            }
        }
        return new FleetList(vaults);
    }

    private RunRefusedException noneOf(String group) {
        Set<String> groups = listed.values().stream()
                .map(ListedVault::group)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "--group: no vault is of the group " + group + "; "
                        + (groups.isEmpty()
                                ? "a group is given as " + FleetProperties.PREFIX + ".vaults[].group"
                                : "there are " + String.join(", ", groups)));
    }

    private @Nullable String groupOf(VaultAddress vault) {
        ListedVault one = listed.get(vault);
        return one == null ? null : one.group();
    }

    @Override
    public Set<VaultAddress> listed() {
        return Collections.unmodifiableSet(listed.keySet());
    }

    @Override
    public VaultTerms termsOf(VaultAddress vault) {
        ListedVault one = listed.get(vault);
        return one == null ? VaultTerms.NONE : commandLine.over(one.terms());
    }
}
