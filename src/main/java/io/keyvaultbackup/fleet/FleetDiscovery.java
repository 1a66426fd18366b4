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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Asks which vaults there are; whoever knows may fail, and then the last list that was known has the word. Stateless. */
final class FleetDiscovery {

    private static final Comparator<DiscoveredVault> BY_ADDRESS =
            Comparator.comparing(found -> found.vault().toString());

    private final DiscoveryProperties properties;
    private final ObjectProvider<VaultDirectory> directories;
    private final KnownVaults known;

    FleetDiscovery(DiscoveryProperties properties, ObjectProvider<VaultDirectory> directories, KnownVaults known) {
        this.properties = properties;
        this.directories = directories;
        this.known = known;
    }

    /**
     * @param configured vaults that the configuration names one by one
     * @param keep whether what is found may be written into the store
     * @param needed as of {@link Discovery#needed()}
     */
    Discovery discover(Set<VaultAddress> configured, boolean keep, boolean needed) {
        List<String> remarks = new ArrayList<>();
        try {
            VaultDirectory.Answer answer = directories.getObject().find(properties.subscriptions());
            remarks.addAll(answer.remarks());
            List<DiscoveredVault> all = answer.vaults().stream()
                    .map(found -> found.withTags(thatMatter(found.tags())))
                    .sorted(BY_ADDRESS)
                    .toList();
            List<DiscoveredVault> selected = selected(all);
            List<VaultDirectory.Unaddressed> unaddressed = answer.unaddressed().stream()
                    .filter(one -> properties.selects(one.name(), one.resourceGroup(), thatMatter(one.tags())))
                    .toList();
            if (selected.isEmpty()) {
                throw new DiscoveryException(
                        Objects.requireNonNullElseGet(
                                inPart(List.of(), unaddressed),
                                () -> nothing(answer.vaults().size())),
                        null);
            }
            Optional<KnownVaults.KnownList> before = known.latest(configured, remarks);
            List<DiscoveredVault> untold = untold(before, answer);
            // A list that lacks a whole subscription is not kept: the next night would find nothing amiss.
            if (keep
                    && untold.isEmpty()
                    && before.filter(list -> list.vaults().equals(all)).isEmpty()) {
                known.keep(all, remarks);
            }
            List<DiscoveredVault> meant = Stream.concat(selected.stream(), untold.stream())
                    .sorted(BY_ADDRESS)
                    .toList();
            return new Discovery(
                    meant,
                    inPart(untold, unaddressed),
                    untold.isEmpty()
                            ? null
                            : before.map(KnownVaults.KnownList::since).orElse(null),
                    untold.size(),
                    gone(before, meant),
                    remarks,
                    needed);
        } catch (FailureException failed) {
            Optional<KnownVaults.KnownList> before = known.latest(configured, remarks);
            List<DiscoveredVault> vaults = selected(before);
            return new Discovery(
                    vaults,
                    failed.failure(),
                    before.map(KnownVaults.KnownList::since).orElse(null),
                    vaults.size(),
                    List.of(),
                    remarks,
                    needed);
        }
    }

    /** What the last known list tells, where nobody is to be asked. */
    Discovery lastKnown(Set<VaultAddress> configured) {
        List<String> remarks = new ArrayList<>();
        Optional<KnownVaults.KnownList> list = known.latest(configured, remarks);
        List<DiscoveredVault> vaults = selected(list);
        return new Discovery(
                vaults,
                null,
                list.map(KnownVaults.KnownList::since).orElse(null),
                vaults.size(),
                List.of(),
                remarks,
                false);
    }

    private List<DiscoveredVault> selected(List<DiscoveredVault> all) {
        return all.stream().filter(properties::selects).toList();
    }

    private List<DiscoveredVault> selected(Optional<KnownVaults.KnownList> before) {
        return before.map(list -> selected(list.vaults())).orElse(List.of());
    }

    /** The vaults of before whose whole subscription is not told of any more: so it looks when it may not be read. */
    private List<DiscoveredVault> untold(Optional<KnownVaults.KnownList> before, VaultDirectory.Answer now) {
        Set<String> subscriptions = Stream.concat(
                        now.vaults().stream().map(DiscoveredVault::subscription),
                        now.unaddressed().stream().map(VaultDirectory.Unaddressed::subscription))
                .collect(Collectors.toSet());
        Set<VaultAddress> there = addresses(now.vaults()); // a vault may have moved to another subscription
        return selected(before).stream()
                .filter(vault -> !subscriptions.contains(vault.subscription()) && !there.contains(vault.vault()))
                .toList();
    }

    private List<VaultAddress> gone(Optional<KnownVaults.KnownList> before, List<DiscoveredVault> now) {
        Set<VaultAddress> there = addresses(now);
        return selected(before).stream()
                .map(DiscoveredVault::vault)
                .filter(vault -> !there.contains(vault))
                .toList();
    }

    private static Set<VaultAddress> addresses(List<DiscoveredVault> vaults) {
        return vaults.stream().map(DiscoveredVault::vault).collect(Collectors.toSet());
    }

    private Map<String, String> thatMatter(Map<String, String> all) {
        Set<String> names = properties.tagNames();
        Map<String, String> tags = new TreeMap<>();
        all.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (names.contains(lowerCase)) {
                tags.put(lowerCase, value);
            }
        });
        return tags;
    }

    /** What is amiss with an answer that tells of other vaults; null if nothing is. */
    private static @Nullable Failure inPart(
            List<DiscoveredVault> untold, List<VaultDirectory.Unaddressed> unaddressed) {
        List<String> sentences = new ArrayList<>();
        untold.stream()
                .collect(Collectors.groupingBy(DiscoveredVault::subscription, TreeMap::new, Collectors.counting()))
                .forEach((subscription, vaults) -> sentences.add("Azure Resource Graph names no vault of subscription "
                        + subscription + " any more, of which the last known list has " + vaults));
        unaddressed.forEach(one -> sentences.add(
                "Azure Resource Graph names a vault that cannot be addressed, " + one.id() + ": " + one.why()));
        return sentences.isEmpty()
                ? null
                : Failure.of(
                        untold.isEmpty() ? FailureReason.CORRUPT_ANSWER : FailureReason.NOTHING_DISCOVERED,
                        String.join("; ", sentences));
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
