package io.keyvaultbackup.fleet;

import io.keyvaultbackup.ledger.VaultClaims;
import io.keyvaultbackup.pacing.SubscriptionPacer;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultShare;
import io.keyvaultbackup.run.VaultShares;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;

/** Hands vaults out, the largest first. */
final class Shares implements VaultShares {

    private final VaultClaims claims;
    private final StoreProperties store;
    private final SubscriptionPacer pacer;

    Shares(VaultClaims claims, StoreProperties store, SubscriptionPacer pacer) {
        this.claims = claims;
        this.store = store;
        this.pacer = pacer;
    }

    @Override
    public VaultShare own(Collection<VaultAddress> vaults, StopSignal stop) {
        if (vaults.size() < 2) {
            return VaultShare.ofAll(vaults, stop);
        }
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
        return SharedShare.join(
                claims,
                scheduledFor.truncatedTo(ChronoUnit.SECONDS), // as runs have it
                ThisProcess.name() + " " + UUID.randomUUID(),
                vaults,
                store.lease().multipliedBy(3).dividedBy(2),
                pacer,
                stop);
    }
}
