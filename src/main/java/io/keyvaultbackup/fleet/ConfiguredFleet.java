package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.run.Discovery;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fleet as the configuration has it, and, once it was asked for, as Azure tells of it. */
final class ConfiguredFleet implements Fleet {

    private final Map<VaultAddress, ListedVault> listed = new LinkedHashMap<>();
    private final DiscoveryProperties discovery;
    private final FleetDiscovery discoveries;
    private final CommandLine commandLine;
    private final Map<VaultAddress, DiscoveredVault> discovered = new ConcurrentHashMap<>();

    /** @param properties without {@linkplain FleetProperties#problems problems} */
    ConfiguredFleet(
            FleetProperties properties,
            DiscoveryProperties discovery,
            AzureProperties azure,
            FleetDiscovery discoveries,
            CommandLine commandLine) {
        this.discovery = discovery;
        this.discoveries = discoveries;
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
        @Nullable
        Discovery found = discovery.enabled()
                ? discoveries.discover(configured(question.named()), question.keep(), !question.theseAlone())
                : null;
        if (found != null) {
            found.vaults().forEach(vault -> discovered.put(vault.vault(), vault));
            if (!question.theseAlone()) {
                found.vaults().forEach(vault -> vaults.add(vault.vault()));
            }
        }
        @Nullable String group = question.group();
        if (group != null) {
            vaults.removeIf(vault -> !group.equals(groupOf(vault)));
            if (vaults.isEmpty() && (found == null || found.failure() == null)) {
                throw noneOf(group);
            }
        }
        return new FleetList(vaults, found);
    }

    @Override
    public FleetList lastKnown(Set<VaultAddress> named) {
        Set<VaultAddress> vaults = configured(named);
        @Nullable Discovery known = discovery.enabled() ? discoveries.lastKnown(vaults) : null;
        if (known != null) {
            known.vaults().forEach(vault -> vaults.add(vault.vault()));
        }
        return new FleetList(vaults, known);
    }

    private Set<VaultAddress> configured(Set<VaultAddress> named) {
        Set<VaultAddress> configured = new LinkedHashSet<>(named);
        configured.addAll(listed.keySet());
        return configured;
    }

    private RunRefusedException noneOf(String group) {
        Set<String> groups = Stream.concat(listed.keySet().stream(), discovered.keySet().stream())
                .map(this::groupOf)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "--group: no vault is of the group " + group + "; "
                        + (groups.isEmpty()
                                ? "a group is given as " + FleetProperties.PREFIX
                                        + ".vaults[].group, or by the tag that " + DiscoveryProperties.PREFIX
                                        + ".group-tag names"
                                : "there are " + String.join(", ", groups)));
    }

    private @Nullable String groupOf(VaultAddress vault) {
        ListedVault one = listed.get(vault);
        if (one != null && one.group() != null) {
            return one.group();
        }
        DiscoveredVault found = discovered.get(vault);
        return found == null ? null : discovery.groupOf(found);
    }

    @Override
    public Set<VaultAddress> listed() {
        return Collections.unmodifiableSet(listed.keySet());
    }

    @Override
    public boolean isDiscovered() {
        return discovery.enabled();
    }

    @Override
    public VaultTerms termsOf(VaultAddress vault) {
        ListedVault one = listed.get(vault);
        VaultTerms terms = one == null ? VaultTerms.NONE : commandLine.over(one.terms());
        DiscoveredVault found = discovered.get(vault);
        return found == null ? terms : terms.orPlace(found.subscription(), found.geography());
    }
}
