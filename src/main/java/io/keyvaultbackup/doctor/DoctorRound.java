package io.keyvaultbackup.doctor;

import io.keyvaultbackup.azure.CurrentIdentity;
import io.keyvaultbackup.examination.Doctor;
import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.Vaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.OrderUtils;

/** Goes from one to the next: identity, vaults, store, database. What can not even be made is a finding as well. */
@Lazy
final class DoctorRound implements Doctor {

    /** Requests per 10 s: the doctor is in no hurry, and production has the rest. */
    private static final Budget BUDGET = new Budget(100);

    private final ListableBeanFactory beans;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    DoctorRound(ListableBeanFactory beans, Stopwatch stopwatch, InstantSource clock) {
        this.beans = beans;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public void examine(Collection<VaultAddress> addresses, Listener listener) {
        CurrentIdentity.Owner owner = whoAmI(listener);
        for (VaultAddress address : addresses) {
            attempt("vault " + address, listener, () -> {
                Vaults vaults = beans.getBean(Vaults.class);
                Pacer pacer = new Pacer(BUDGET, stopwatch);
                new VaultExamination(
                                address,
                                vaults.door(address.uri()),
                                new PacedVault(vaults.open(address.uri()), pacer),
                                new Remedies(address, owner),
                                owner,
                                clock)
                        .examine(finding -> listener.found("vault " + address, finding));
                listener.found("vault " + address, new Headroom(beans).of(address));
            });
            attempt("vault " + address, listener, () -> listener.found("vault " + address, lease(address)));
        }
        Arrays.stream(beans.getBeanNamesForType(Examination.class))
                .sorted(Comparator.comparingInt(
                        name -> OrderUtils.getOrder(Objects.requireNonNull(beans.getType(name, false)), 0)))
                .forEach(name -> attempt(
                        "store",
                        listener,
                        () -> beans.getBean(name, Examination.class)
                                .parts()
                                .forEach(part -> attempt("store", listener, () -> {
                                    String subject = part.subject();
                                    part.examine().forEach(finding -> listener.found(subject, finding));
                                }))));
    }

    /** Takes the vault's lease and gives it back, as a run would. */
    private Finding lease(VaultAddress address) {
        try (Lease _ =
                beans.getBean(Leases.class).acquire(address.storeName(), "doctor", "keyvault-backup doctor", 1)) {
            return Finding.ok("lease", "can be taken, and was given back");
        } catch (LeaseHeldException held) {
            return Finding.ok("lease", String.valueOf(held.getMessage()));
        } catch (StoreException failed) {
            Failure failure = failed.failure();
            return Finding.failed(
                    "lease",
                    failure,
                    failure.reason().advice() + " Leases need a place of their own in the store: docs/permissions.md,"
                            + " \"On the leases' container\".");
        }
    }

    /** Whose the token is; null if there is none, which is told. */
    private CurrentIdentity.@Nullable Owner whoAmI(Listener listener) {
        try {
            CurrentIdentity identity = beans.getBean(CurrentIdentity.class);
            try {
                CurrentIdentity.Owner owner = identity.owner();
                long minutes =
                        Duration.between(clock.instant(), owner.tokenExpires()).toMinutes();
                listener.found(
                        "identity",
                        Finding.ok(
                                "token",
                                "credential " + identity.credential() + ": application "
                                        + known(owner.application()) + ", object id " + known(owner.objectId())
                                        + ", tenant " + known(owner.tenant()) + "; valid for " + minutes + " min"));
                return owner;
            } catch (FailureException none) {
                Failure failure = none.failure();
                listener.found(
                        "identity",
                        Finding.failed(
                                "token",
                                failure,
                                "Credential " + identity.credential() + " gave none. "
                                        + failure.reason().advice()
                                        + " On your own machine: az login, and AZURE_TOKEN_CREDENTIALS=AzureCliCredential."));
            }
        } catch (BeansException failed) {
            listener.found("identity", notMade("token", failed));
        }
        return null;
    }

    private static String known(@Nullable String claim) {
        return Objects.requireNonNullElse(claim, "(not told)");
    }

    private static void attempt(String subject, Listener listener, Runnable examination) {
        try {
            examination.run();
        } catch (RuntimeException failed) {
            listener.found(subject, notMade("examine", failed));
        }
    }

    private static Finding notMade(String check, RuntimeException failed) {
        Throwable root = failed;
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException understood) {
                return Finding.failed(check, understood.failure());
            }
            root = cause;
        }
        Failure failure = Failure.of(FailureReason.UNKNOWN, String.valueOf(root.getMessage()));
        return Finding.failed(check, failure);
    }
}
