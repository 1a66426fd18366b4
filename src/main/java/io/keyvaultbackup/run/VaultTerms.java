package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.ObjectKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one vault alone, in place of what is said of all; null where nothing is.
 *
 * @param kinds which kinds of objects; empty for all
 * @param include only objects that match one of these; empty for all
 * @param exclude no objects that match one of these
 * @param budget what may be spent at it, as in {@code keyvault-backup.budget}
 * @param immutableFor how long nobody can remove its manifests
 * @param subscription the id of the subscription that it is in, lower case
 * @param geography the geography that it is in
 * @param objective how old its newest good copy may become
 */
public record VaultTerms(
        @Nullable Set<ObjectKind> kinds,
        @Nullable List<String> include,
        @Nullable List<String> exclude,
        @Nullable String budget,
        @Nullable Duration immutableFor,
        @Nullable String subscription,
        @Nullable String geography,
        @Nullable Duration objective) {

    /** Nothing is said of it alone. */
    public static final VaultTerms NONE = new VaultTerms(null, null, null, null, null, null, null, null);

    /** The same, with where it is known to be if nothing is said of that. */
    public VaultTerms orPlace(@Nullable String knownSubscription, @Nullable String knownGeography) {
        return new VaultTerms(
                kinds,
                include,
                exclude,
                budget,
                immutableFor,
                subscription == null ? knownSubscription : subscription,
                geography == null ? knownGeography : geography,
                objective);
    }

    /** Of this vault, where that is of all. */
    public Selection over(Selection general) {
        return new Selection(
                kinds == null ? general.kinds() : kinds.isEmpty() ? EnumSet.allOf(ObjectKind.class) : kinds,
                include == null ? general.include() : include,
                exclude == null ? general.exclude() : exclude);
    }
}
