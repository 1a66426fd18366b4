package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.run.Discovery;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;

/** Asks which vaults there are; whoever knows may fail, and then the last list that was known has the word. Stateless. */
final class FleetDiscovery {

    private final DiscoveryProperties properties;
    private final ObjectProvider<VaultDirectory> directories;
    private final KnownVaults known;

    FleetDiscovery(DiscoveryProperties properties, ObjectProvider<VaultDirectory> directories, KnownVaults known) {
        this.properties = properties;
        this.directories = directories;
        this.known = known;
    }

    /**
     * @param keep whether what is found may be written into the store
     * @param needed as of {@link Discovery#needed()}
     */
    Discovery discover(boolean keep, boolean needed) {
        List<String> remarks = new ArrayList<>();
        try {
            VaultDirectory.Answer answer = directories.getObject().find(properties.subscriptions());
            remarks.addAll(answer.remarks());
            List<DiscoveredVault> all = answer.vaults().stream()
                    .map(this::withTheTagsThatMatter)
                    .sorted(Comparator.comparing(found -> found.vault().toString()))
                    .toList();
            List<DiscoveredVault> selected = selected(all);
            if (selected.isEmpty()) {
                throw new DiscoveryException(nothing(all.size()), null);
            }
            Optional<KnownVaults.KnownList> before = known.latest(remarks);
            if (keep && before.filter(list -> list.vaults().equals(all)).isEmpty()) {
                known.keep(all, remarks);
            }
            return new Discovery(selected, null, null, gone(before, selected), remarks, needed);
        } catch (FailureException failed) {
            Optional<KnownVaults.KnownList> before = known.latest(remarks);
            return new Discovery(
                    before.map(list -> selected(list.vaults())).orElse(List.of()),
                    failed.failure(),
                    before.map(KnownVaults.KnownList::since).orElse(null),
                    List.of(),
                    remarks,
                    needed);
        }
    }

    private List<DiscoveredVault> selected(List<DiscoveredVault> all) {
        return all.stream().filter(properties::selects).toList();
    }

    private List<VaultAddress> gone(Optional<KnownVaults.KnownList> before, List<DiscoveredVault> now) {
        Set<VaultAddress> there = now.stream().map(DiscoveredVault::vault).collect(Collectors.toSet());
        return before.map(list -> selected(list.vaults())).orElse(List.of()).stream()
                .map(DiscoveredVault::vault)
                .filter(vault -> !there.contains(vault))
                .toList();
    }

    private DiscoveredVault withTheTagsThatMatter(DiscoveredVault found) {
        Set<String> names = properties.tagNames();
        Map<String, String> tags = new TreeMap<>();
        found.tags().forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (names.contains(lowerCase)) {
                tags.put(lowerCase, value);
            }
        });
        return found.withTags(tags);
    }

    /** To find nothing is what it looks like as well when the identity may read nothing; a fleet does not vanish over night. */
    private static Failure nothing(int all) {
        return Failure.of(
                FailureReason.NOTHING_DISCOVERED,
                all == 0
                        ? "Azure Resource Graph names no vault at all"
                        : "of the " + all + " vaults that Azure Resource Graph names, the configuration selects none");
    }
}
