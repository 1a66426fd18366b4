package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.snapshot.VaultPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * How a restore is made.
 *
 * @param budget what may be spent at the target: a share of its limit (50%) or requests per 10 s (2000); a restore counts as a creation, 14 of these
 * @param threads calls under way at a time
 * @param memory bytes of copies in flight at a time
 * @param chunk outcomes recorded in one transaction
 * @param subscription the id of the subscription that the target is in, so that what cannot be restored there is known before the first call
 * @param geography the geography that the target is in (Europe), for the same
 */
@ConfigurationProperties("keyvault-backup.restore")
record RestoreProperties(
        @DefaultValue("50%") String budget,
        @DefaultValue("16") int threads,
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("16") int chunk,
        @Nullable String subscription,
        @Nullable String geography) {

    private static final Pattern SUBSCRIPTION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST_THREADS = 256;
    private static final int LARGEST_CHUNK = 1_000;

    /** Where the target is, as far as it is said; blank is not said. */
    VaultPlace place() {
        return new VaultPlace(
                StringUtils.hasText(subscription) ? subscription.strip().toLowerCase(Locale.ROOT) : null,
                StringUtils.hasText(geography) ? geography.strip() : null);
    }

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        try {
            Budget.parse(budget);
        } catch (IllegalArgumentException notABudget) {
            problems.add("keyvault-backup.restore.budget (--budget): " + notABudget.getMessage());
        }
        within(problems, "threads", threads, MOST_THREADS);
        within(problems, "chunk", chunk, LARGEST_CHUNK);
        if (memory.toBytes() < DataSize.ofMegabytes(1).toBytes()) {
            problems.add(
                    "keyvault-backup.restore.memory: " + memory + " is too little; give at least 1MB, such as 64MB");
        }
        @Nullable String id = place().subscription();
        if (id != null && !SUBSCRIPTION.matcher(id).matches()) {
            problems.add("keyvault-backup.restore.subscription: " + subscription
                    + " is not a subscription's id, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590");
        }
        return problems;
    }

    private static void within(List<String> problems, String property, int value, int most) {
        if (value < 1 || value > most) {
            problems.add("keyvault-backup.restore." + property + ": " + value + " is not a number from 1 to " + most
                    + ", such as 16");
        }
    }
}
