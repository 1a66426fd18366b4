package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.run.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which vaults are found by asking Azure Resource Graph. Nothing of it is sent but the subscriptions: the answer is held against the rest here.
 *
 * @param enabled whether Azure is asked which vaults there are, so that each of them is backed up
 * @param subscriptions ids of the subscriptions whose vaults are meant; of all that the identity may read where none is given
 * @param resourceGroups only vaults in resource groups that match one of these, such as prod-*
 * @param tags only vaults that have all of these tags, such as backup=true; a value may be a pattern, and case does not matter
 * @param include only vaults whose name, the first part of the host, matches one of these, such as team-*
 * @param exclude no vaults whose name matches one of these
 * @param groupTag the tag whose value is a discovered vault's schedule group, of which --group asks for
 */
@ConfigurationProperties(DiscoveryProperties.PREFIX)
record DiscoveryProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue List<String> subscriptions,
        @DefaultValue List<String> resourceGroups,
        @DefaultValue Map<String, String> tags,
        @DefaultValue List<String> include,
        @DefaultValue List<String> exclude,
        @Nullable String groupTag) {

    static final String PREFIX = FleetProperties.PREFIX + ".discovery";

    private static final Pattern SUBSCRIPTION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    DiscoveryProperties {
        subscriptions = subscriptions.stream()
                .map(id -> id.strip().toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
        groupTag = groupTag == null || groupTag.isBlank() ? null : groupTag.strip();
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        subscriptions.stream()
                .filter(id -> !SUBSCRIPTION.matcher(id).matches())
                .forEach(id -> problems.add(PREFIX + ".subscriptions: " + id
                        + " is not a subscription's id, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590"));
        return problems;
    }

    /** The tags that matter, in lower case: what else a vault is tagged with is nobody's business here. */
    Set<String> tagNames() {
        Set<String> names = new TreeSet<>();
        tags.keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        if (groupTag != null) {
            names.add(groupTag.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    boolean selects(DiscoveredVault vault) {
        String host = vault.vault().uri().getHost();
        String name = host.contains(".") ? host.substring(0, host.indexOf('.')) : host;
        return selects(name, vault.resourceGroup(), vault.tags());
    }

    /** @param given its tags by their names in lower case */
    boolean selects(String name, String resourceGroup, Map<String, String> given) {
        return (resourceGroups.isEmpty() || matchesAny(resourceGroups, resourceGroup))
                && tags.entrySet().stream().allMatch(tag -> hasTag(given, tag.getKey(), tag.getValue()))
                && (include.isEmpty() || matchesAny(include, name))
                && !matchesAny(exclude, name);
    }

    /** The schedule group that its tag names; null if there is none. */
    @Nullable
    String groupOf(DiscoveredVault vault) {
        return groupTag == null ? null : vault.tags().get(groupTag.toLowerCase(Locale.ROOT));
    }

    private static boolean hasTag(Map<String, String> given, String name, String pattern) {
        String value = given.get(name.toLowerCase(Locale.ROOT));
        return value != null && Selection.matches(pattern, value);
    }

    private static boolean matchesAny(List<String> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> Selection.matches(pattern, text));
    }
}
