package io.keyvaultbackup.fleet;

import io.keyvaultbackup.ledger.VaultClaims;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultShare;
import io.keyvaultbackup.run.VaultShares;
import io.keyvaultbackup.run.VaultTerms;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Hands vaults out, the largest first. */
final class Shares implements VaultShares {

    private final VaultClaims claims;
    private final StoreProperties store;
    private final Fleet fleet;
    private final CommonBudgets budgets;

    Shares(VaultClaims claims, StoreProperties store, Fleet fleet, CommonBudgets budgets) {
        this.claims = claims;
        this.store = store;
        this.fleet = fleet;
        this.budgets = budgets;
    }

    @Override
    public VaultShare own(Collection<VaultAddress> vaults, StopSignal stop) {
        if (vaults.size() < 2) {
            return VaultShare.ofAll(vaults, stop);
        }
        divideBudgets(vaults);
        Map<VaultAddress, Duration> lasted = claims.lasted(vaults);
        return VaultShare.ofAll(
                vaults.stream()
                        .sorted(Comparator.comparing(
                                (VaultAddress vault) -> lasted.getOrDefault(vault, VaultClaims.UNKNOWN),
                                Comparator.reverseOrder()))
                        .toList(),
                stop);
    }

    /** Both leases were last renewed by a process that then died: the one in the store has ended when the claim has. */
    @Override
    public VaultShare shared(Instant scheduledFor, Collection<VaultAddress> vaults, StopSignal stop) {
        divideBudgets(vaults);
        return SharedShare.join(
                claims,
                scheduledFor.truncatedTo(ChronoUnit.SECONDS), // as runs have it
                ThisProcess.name() + " " + UUID.randomUUID(),
                vaults,
                store.lease().multipliedBy(3).dividedBy(2),
                budgets,
                stop);
    }

    /** By subscription and geography, which is a region or several. One vault of which that is not known may be with any of the others. */
    private void divideBudgets(Collection<VaultAddress> vaults) {
        Map<VaultAddress, String> places = new HashMap<>();
        for (VaultAddress vault : vaults) {
            VaultTerms terms = fleet.termsOf(vault);
            if (terms.subscription() == null || terms.geography() == null) {
                return;
            }
            places.put(vault, terms.subscription() + " " + terms.geography().toLowerCase(Locale.ROOT));
        }
        budgets.divide(places);
    }
}
