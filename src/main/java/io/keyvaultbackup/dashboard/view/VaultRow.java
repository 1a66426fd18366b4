package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vault, as a line of the fleet.
 *
 * @param good null if there is none, or nobody tells
 * @param objective how old its newest good copy may become
 * @param summary what the job database knows; null if nothing
 * @param protection what was seen of how its copies are protected; null if nobody has looked yet
 */
public record VaultRow(
        VaultAddress vault,
        Standing standing,
        @Nullable GoodCopy good,
        Duration objective,
        @Nullable VaultSummary summary,
        @Nullable SeenProtection protection) {

    /** Its part of an address: the folder's name in the store, which has no character that an address could misread. */
    public String path() {
        return vault.storeName();
    }

    public String name() {
        return name(vault);
    }

    /** How pages name a vault: without what all vaults of a cloud have in common. */
    public static String name(VaultAddress vault) {
        return vault.storeName().replaceFirst("\\.vault\\.(azure\\.net|azure\\.cn|usgovcloudapi\\.net)$", "");
    }

    public VaultSummary.@Nullable Latest latest() {
        return summary == null ? null : summary.latest();
    }

    /** The newest last. */
    public List<RunStatus> runs() {
        return summary == null ? List.of() : summary.strip();
    }

    /** How many objects have each outcome in the newest run that is not at work. */
    public Map<Outcome, Long> outcomes() {
        return summary == null || summary.counted() == null
                ? Map.of()
                : summary.counted().outcomes();
    }

    public long count(Outcome outcome) {
        return outcomes().getOrDefault(outcome, 0L);
    }

    public long objects() {
        return outcomes().values().stream().mapToLong(Long::longValue).sum();
    }

    /** That any object has; 0 if nobody has counted. */
    public int mostVersions() {
        return summary == null || summary.mostVersions() == null ? 0 : summary.mostVersions();
    }

    public int nearLimit() {
        return summary == null ? 0 : summary.nearLimit();
    }
}
