package io.keyvaultbackup.fleet;

import io.keyvaultbackup.ledger.VaultClaims;
import io.keyvaultbackup.ledger.VaultClaims.Claim;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultShare;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Vaults that are claimed from the job database, one by one. Where it can't be used no vault is handed out any more; the runs under way learn of it
 * themselves.
 */
final class SharedShare implements VaultShare {

    private static final int RENEWALS_IN_A_LIFETIME = 3;

    /** While others are at work this is how often it is looked whether they have ended: two short statements. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** For so long the budget of all may be overdrawn when a process comes: those that have vaults already do not look themselves. One short statement. */
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);

    /** A vault that another holds in the store, and not in this database: for as many lifetimes its end is waited for. */
    private static final int MOST_PUT_OFF = 10;

    private final VaultClaims claims;
    private final Instant night;
    private final String process;
    private final Set<VaultAddress> vaults;
    private final Duration lifetime;
    private final CommonBudgets budgets;
    private final StopSignal stop;
    private final Runnable hearNoMore;
    private final Set<VaultAddress> takenOver = ConcurrentHashMap.newKeySet();
    private final Map<VaultAddress, Integer> timesPutOff = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Changes changes = new Changes();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("claims").factory());
    private final ReentrantLock counting = new ReentrantLock();
    private volatile boolean broken;

    private SharedShare(
            VaultClaims claims,
            Instant night,
            String process,
            Collection<VaultAddress> vaults,
            Duration lifetime,
            CommonBudgets budgets,
            StopSignal stop) {
        this.claims = claims;
        this.night = night;
        this.process = process;
        this.vaults = Set.copyOf(vaults);
        this.lifetime = lifetime;
        this.budgets = budgets;
        this.stop = stop;
        this.hearNoMore = stop.onGiven(changes::tell);
    }

    static SharedShare join(
            VaultClaims claims,
            Instant night,
            String process,
            Collection<VaultAddress> vaults,
            Duration lifetime,
            CommonBudgets budgets,
            StopSignal stop) {
        claims.join(night, vaults);
        SharedShare share = new SharedShare(claims, night, process, vaults, lifetime, budgets, stop);
        share.every(lifetime.dividedBy(RENEWALS_IN_A_LIFETIME), share::renew);
        share.every(BETWEEN_COUNTS, share::count);
        return share;
    }

    private void every(Duration pause, Runnable what) {
        var _ = timer.scheduleWithFixedDelay(what, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A renewal that fails is tried again; whoever claims or ends a vault meanwhile learns why. */
    private void renew() {
        try {
            claims.renew(night, process, lifetime);
        } catch (RuntimeException unreachable) {
            // the next one may go well, and else the claims end
        }
    }

    /** The common budgets are divided by those that have vaults. */
    private void count() {
        counting.lock(); // or an older count might stand in place of a newer one
        try {
            budgets.sharedBy(claims.processes());
        } catch (RuntimeException unreachable) {
            // they are divided as they were
        } finally {
            counting.unlock();
        }
    }

    @Override
    public Optional<VaultAddress> next() {
        long seen = changes.count();
        while (!stop.isGiven() && !broken) {
            Look look = look();
            if (look.claim().isPresent() || look.isTheLast()) {
                return look.claim().map(Claim::vault);
            }
            seen = changes.await(seen, BETWEEN_LOOKS);
        }
        return Optional.empty();
    }

    private record Look(Optional<Claim> claim, boolean isTheLast) {

        private static final Look NOTHING_MORE = new Look(Optional.empty(), true);
    }

    /** By one thread at a time: where the database does not answer, one waits for it, and the others are not kept for as long again. */
    private Look look() {
        turn.lock();
        try {
            if (broken || stop.isGiven()) {
                return Look.NOTHING_MORE;
            }
            Optional<Claim> claim = claims.claim(night, process, vaults, lifetime);
            if (claim.isPresent()) {
                claim.filter(Claim::takenOver).map(Claim::vault).ifPresent(takenOver::add);
                count(); // before the first call at it
                return new Look(claim, false);
            }
            return new Look(claim, claims.open(night, vaults) == 0);
        } catch (RuntimeException unreachable) {
            abandon();
            throw unreachable;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void ended(VaultAddress vault, int exitCode) {
        tell(() -> claims.end(night, process, vault, exitCode));
    }

    @Override
    public void giveBack(VaultAddress vault) {
        tell(() -> claims.giveBack(night, process, vault));
    }

    /** What is not told would stay with this process, which lives and renews it, and everybody would wait for it: so it is to leave. */
    private void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException unreachable) {
            abandon();
            throw unreachable;
        }
        changes.tell();
    }

    @Override
    public void abandon() {
        broken = true;
        changes.tell();
    }

    @Override
    public boolean putOff(VaultAddress vault) {
        if (!takenOver.contains(vault) || timesPutOff.merge(vault, 1, Integer::sum) > MOST_PUT_OFF) {
            return false;
        }
        tell(() -> claims.putOff(night, process, vault));
        return true;
    }

    @Override
    public Map<VaultAddress, Integer> endedElsewhere() {
        try {
            return claims.endedElsewhere(night, process, vaults);
        } catch (RuntimeException unreachable) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        hearNoMore.run();
        timer.shutdown(); // not interrupted: H2 closes the database of a thread that is
        budgets.sharedBy(1);
        try {
            claims.leave(night, process);
        } catch (RuntimeException unreachable) {
            // then its claims end by themselves
        }
    }
}
