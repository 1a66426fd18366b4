package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.run.VaultTerms;
import io.keyvaultbackup.snapshot.VaultPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * How a backup is made.
 *
 * @param dataDirectory where the job database lies if it is the default one (H2 in a file)
 * @param budget what may be spent at one vault: a share of its limit (50%) or requests per 10 s (2000)
 * @param threads calls under way at a time, for each vault
 * @param memory bytes of backups in flight at a time, for each vault that is backed up at a time
 * @param listVersions whether each object's versions are listed (metadata only) before its backup call
 * @param versionLimit above how many versions the service is known to refuse
 * @param chunk outcomes recorded in one transaction
 * @param settleRounds how often, at most, the vault is listed again after the backups, so that what changed meanwhile is copied anew; 0 for never
 * @param overlapFrom from how many objects on a vault is backed up while it is listed, and listed again while it is backed up; smaller ones are not, one thing
 *     follows the other
 * @param refreshDays after how many days an object is copied anew though nothing about it seems to have changed; 0 for never
 * @param subscription the id of the subscription that the vaults are in, for the manifest: copies restore into the same one only
 * @param geography the geography that the vaults are in (Europe), for the manifest: copies restore into the same one only
 * @param deadline how long one execution of a run may take; then no new calls are begun, and what is done is sealed as incomplete
 */
@ConfigurationProperties("keyvault-backup")
record BackupProperties(
        @DefaultValue("./data") Path dataDirectory,
        @DefaultValue("50%") String budget,
        @DefaultValue("32") int threads,
        @DefaultValue("64MB") DataSize memory,
        @DefaultValue("true") boolean listVersions,
        @DefaultValue("500") int versionLimit,
        @DefaultValue("32") int chunk,
        @DefaultValue("3") int settleRounds,
        @DefaultValue("250") int overlapFrom,
        @DefaultValue("7") int refreshDays,
        @Nullable String subscription,
        @Nullable String geography,
        @DefaultValue("12h") Duration deadline) {

    private static final Pattern SUBSCRIPTION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST_THREADS = 256;
    private static final int LARGEST_CHUNK = 1_000;
    private static final int MOST_ROUNDS = 20;
    private static final int MOST_REFRESH_DAYS = 366;
    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);

    /** The same with what is said of one vault alone. */
    BackupProperties at(VaultTerms terms) {
        return new BackupProperties(
                dataDirectory,
                Objects.requireNonNullElse(terms.budget(), budget),
                threads,
                memory,
                listVersions,
                versionLimit,
                chunk,
                settleRounds,
                overlapFrom,
                refreshDays,
                terms.subscription() == null ? subscription : terms.subscription(),
                terms.geography() == null ? geography : terms.geography(),
                deadline);
    }

    /** Where copies can be restored to, as far as it is known; blank is not known. */
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
            problems.add("keyvault-backup.budget (--budget): " + notABudget.getMessage());
        }
        within(problems, "threads", threads, 1, MOST_THREADS, 32);
        within(problems, "chunk", chunk, 1, LARGEST_CHUNK, 32);
        within(problems, "settle-rounds", settleRounds, 0, MOST_ROUNDS, 3);
        within(problems, "overlap-from", overlapFrom, 1, Integer.MAX_VALUE, 250);
        within(problems, "refresh-days", refreshDays, 0, MOST_REFRESH_DAYS, 7);
        within(problems, "version-limit", versionLimit, 1, Integer.MAX_VALUE, 500);
        if (deadline.compareTo(SHORTEST_DEADLINE) < 0) {
            problems.add("keyvault-backup.deadline: " + deadline.toMillis()
                    + "ms is too short; give at least 1s, such as 12h");
        }
        @Nullable String id = place().subscription();
        if (id != null && !SUBSCRIPTION.matcher(id).matches()) {
            problems.add("keyvault-backup.subscription: " + subscription
                    + " is not a subscription's id, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590");
        }
        if (memory.toBytes() < DataSize.ofMegabytes(1).toBytes()) {
            problems.add("keyvault-backup.memory: " + memory + " is too little; give at least 1MB, such as 64MB");
        }
        return problems;
    }

    private static void within(List<String> problems, String property, int value, int least, int most, int example) {
        if (value < least || value > most) {
            problems.add("keyvault-backup." + property + ": " + value + " is not a number from " + least + " to " + most
                    + ", such as " + example);
        }
    }
}
