package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The budgets above those of the vaults: the service limits what all vaults of a subscription in a region are asked together. While it is not known
 * of each vault where it is, all spend of one budget, as if they were of one place. Safe for use by many threads.
 */
public final class CommonBudgets {

    private static final String ANYWHERE = "";

    private final Budget budget;
    private final Stopwatch stopwatch;
    private final Map<String, SubscriptionPacer> pacers = new LinkedHashMap<>();
    private Map<VaultAddress, String> places = Map.of();
    private int processes = 1;

    /** @param ofVault what may be spent at each vault */
    public CommonBudgets(Budget ofVault, Stopwatch stopwatch) {
        this.budget = ofVault.ofSubscription();
        this.stopwatch = stopwatch;
    }

    /**
     * Vaults of different places have nothing in common from now on. To be told before any is opened, or what was spent before is forgotten.
     *
     * @param placeOf where each of the vaults that will be opened is; a place may be several regions, and never a part of one
     */
    public synchronized void divide(Map<VaultAddress, String> placeOf) {
        places = Map.copyOf(placeOf);
    }

    /** From now on so many processes share the budgets, this one among them. */
    public synchronized void sharedBy(int count) {
        processes = count;
        pacers.values().forEach(pacer -> pacer.sharedBy(count));
    }

    /** What this vault spends of, and others with it. */
    public synchronized SubscriptionPacer of(VaultAddress vault) {
        return pacers.computeIfAbsent(places.getOrDefault(vault, ANYWHERE), _ -> {
            SubscriptionPacer pacer = new SubscriptionPacer(budget, stopwatch);
            pacer.sharedBy(processes);
            return pacer;
        });
    }

    /** What was charged so far, by place; the part of the other processes is in it. */
    public synchronized Map<String, Pacer.Usage> usages() {
        Map<String, Pacer.Usage> usages = new LinkedHashMap<>();
        pacers.forEach((place, pacer) -> usages.put(place, pacer.usage()));
        return usages;
    }
}
