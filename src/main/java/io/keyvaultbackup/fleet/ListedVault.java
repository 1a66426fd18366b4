package io.keyvaultbackup.fleet;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.run.VaultTerms;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One vault of the list in the configuration; what is not given is as for all.
 *
 * @param name its name, host or address
 * @param objective how old its newest good copy may become before the dashboard says so
 * @param store where its copies are kept
 * @param retention which of its snapshots are kept
 */
record ListedVault(
        @Nullable String name,
        @Nullable List<String> kinds,
        @Nullable List<String> include,
        @Nullable List<String> exclude,
        @Nullable String budget,
        @Nullable Duration immutableFor,
        @Nullable String subscription,
        @Nullable String geography,
        @Nullable String group,
        @Nullable Duration objective,
        @Nullable OwnStore store,
        @Nullable OwnRetention retention) {

    private static final Pattern SUBSCRIPTION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    ListedVault {
        budget = given(budget);
        subscription = lowerCase(given(subscription));
        geography = given(geography);
        group = given(group);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String lowerCase(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /**
     * All that is wrong but with its store, in sentences that begin with the part's name; empty if nothing is.
     *
     * @param kept where its copies are kept, be that said of it alone or of all
     */
    List<String> problems(String vaultSuffix, ProtectionProperties general, StoreProperties kept) {
        List<String> problems = new ArrayList<>();
        if (name == null || name.isBlank()) {
            problems.add("name is missing: give the vault's name, host or address, such as team-a");
        } else {
            attempt(problems, "name", () -> VaultAddress.parse(name, vaultSuffix));
        }
        if (kinds != null) {
            kinds.forEach(kind -> attempt(problems, "kinds", () -> ObjectKind.ofWord(kind)));
        }
        Stream.of(include, exclude)
                .flatMap(patterns -> patterns == null ? Stream.of() : patterns.stream())
                .filter(pattern -> pattern.chars().anyMatch(Character::isISOControl))
                .forEach(pattern -> problems.add("include, exclude: '" + pattern.replaceAll("\\p{Cntrl}", "?")
                        + "' holds a control character; a pattern looks like secret/app-*"));
        if (budget != null) {
            attempt(problems, "budget", () -> Budget.parse(budget));
        }
        if (immutableFor != null) {
            new ProtectionProperties(immutableFor, general.immutabilityMode(), false)
                    .problems(kept)
                    .forEach(problem -> problems.add(
                            problem.replaceFirst("^[a-z.-]+immutable-for( \\([a-z-]+\\))?", "immutable-for")));
        }
        if (immutableFor == null && store != null && general.isWanted() && kept.directory() != null) {
            problems.add("store.directory: a directory (" + kept.directory()
                    + ") can protect nothing, and what is said of all vaults ("
                    + StoreProperties.PREFIX + (general.legalHold() ? ".legal-hold" : ".immutable-for")
                    + ") wants copies protected; keep this vault's in a container with version-level immutability, or give immutable-for"
                    + " to those vaults alone that are to be protected");
        }
        if (retention != null) {
            retention.problem().ifPresent(problem -> problems.add("retention" + problem));
        }
        if (objective != null && !objective.isPositive()) {
            problems.add("objective: " + objective + " is no time that a copy may be old, such as 26h");
        }
        if (subscription != null && !SUBSCRIPTION.matcher(subscription).matches()) {
            problems.add("subscription: " + subscription
                    + " is not a subscription's id, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590");
        }
        return problems;
    }

    private static void attempt(List<String> problems, String part, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException unreadable) {
            problems.add(part + ": " + unreadable.getMessage());
        }
    }

    /** @throws IllegalArgumentException if there are problems with it */
    VaultAddress address(String vaultSuffix) {
        return VaultAddress.parse(name == null ? "" : name, vaultSuffix);
    }

    /** The same but for its name: equal if two say the same of a vault. */
    ListedVault unnamed() {
        return new ListedVault(
                null,
                kinds,
                include,
                exclude,
                budget,
                immutableFor,
                subscription,
                geography,
                group,
                objective,
                store,
                retention);
    }

    /** @throws IllegalArgumentException if there are problems with it */
    VaultTerms terms() {
        return new VaultTerms(
                kinds == null ? null : kindsOf(kinds),
                include,
                exclude,
                budget,
                immutableFor,
                subscription,
                geography,
                objective);
    }

    private static EnumSet<ObjectKind> kindsOf(List<String> words) {
        EnumSet<ObjectKind> wanted = EnumSet.noneOf(ObjectKind.class);
        words.forEach(word -> wanted.add(ObjectKind.ofWord(word)));
        return wanted;
    }
}
