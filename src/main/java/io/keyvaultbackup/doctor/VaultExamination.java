package io.keyvaultbackup.doctor;

import io.keyvaultbackup.azure.CurrentIdentity;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultDoor;
import io.keyvaultbackup.vault.VaultException;
import io.keyvaultbackup.vault.VaultObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks one vault what a backup would ask, from the name on, and stops where nothing further can be known. */
final class VaultExamination {

    /** Tokens are not accepted from a clock that is further off than five minutes. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private static final Duration NOTICEABLE_SKEW = Duration.ofMinutes(1);
    private static final int PAGES = 4;

    private final VaultAddress address;
    private final VaultDoor door;
    private final Vault vault;
    private final Remedies remedies;
    private final CurrentIdentity.@Nullable Owner owner;
    private final InstantSource clock;

    VaultExamination(
            VaultAddress address,
            VaultDoor door,
            Vault vault,
            Remedies remedies,
            CurrentIdentity.@Nullable Owner owner,
            InstantSource clock) {
        this.address = address;
        this.door = door;
        this.vault = vault;
        this.remedies = remedies;
        this.owner = owner;
        this.clock = clock;
    }

    void examine(Consumer<Finding> found) {
        Finding name = name();
        VaultDoor.Greeting greeting;
        try {
            greeting = door.greet();
        } catch (VaultException failed) {
            Failure failure = failed.failure();
            if (name.level() != Finding.Level.OK) {
                found.accept(name);
            } else {
                found.accept(name);
                found.accept(Finding.failed("connect", failure, remedies.listing(ObjectKind.SECRET, failure)));
            }
            return;
        }
        found.accept(
                name.level() == Finding.Level.OK
                        ? name
                        : Finding.ok("name", "not resolved here, but by the proxy that leads there"));
        found.accept(Finding.ok("connect", "its certificate is trusted, and it answers as a vault does"));
        clock(greeting).ifPresent(found);
        tenant(greeting).ifPresent(found);
        if (owner == null) {
            return; // told already: without a token every call fails alike
        }
        boolean listed = false;
        for (ObjectKind kind : ObjectKind.values()) {
            listed |= examine(kind, found);
        }
        if (listed) {
            protection().forEach(found);
        }
    }

    private Finding name() {
        String host = address.uri().getHost();
        try {
            return Finding.ok(
                    "name",
                    Arrays.stream(InetAddress.getAllByName(host))
                            .map(one -> one.getHostAddress() + (one.isSiteLocalAddress() ? " (private)" : ""))
                            .collect(Collectors.joining(", ")));
        } catch (UnknownHostException unknown) {
            return Finding.failed(
                    "name",
                    Failure.of(FailureReason.NETWORK, "the name of " + host + " cannot be resolved"),
                    "Check its spelling (az keyvault list --output table), and from where this runs: nslookup " + host);
        }
    }

    private Optional<Finding> clock(VaultDoor.Greeting greeting) {
        if (greeting.date() == null) {
            return Optional.empty();
        }
        Duration skew = Duration.between(greeting.date(), clock.instant());
        if (skew.abs().compareTo(NOTICEABLE_SKEW) < 0) {
            return Optional.of(Finding.ok("clock", "this machine's clock agrees with the service's"));
        }
        String message = "this machine's clock is " + skew.abs().toSeconds() + " s "
                + (skew.isNegative() ? "behind" : "ahead of") + " the service's";
        String remedy = "Set it (timedatectl set-ntp true): tokens are refused when it is off by five minutes.";
        return Optional.of(
                skew.abs().compareTo(MOST_SKEW) < 0
                        ? Finding.warning("clock", message, remedy)
                        : Finding.failed("clock", Failure.of(FailureReason.NOT_AUTHENTICATED, message), remedy));
    }

    private Optional<Finding> tenant(VaultDoor.Greeting greeting) {
        String ofVault = greeting.tenant();
        String ofIdentity = owner == null ? null : owner.tenant();
        if (ofVault == null || ofIdentity == null) {
            return Optional.empty();
        }
        return Optional.of(
                ofVault.equalsIgnoreCase(ofIdentity)
                        ? Finding.ok("tenant", "the identity's")
                        : Finding.failed(
                                "tenant",
                                Failure.of(
                                        FailureReason.NOT_AUTHENTICATED,
                                        "the vault takes identities of tenant " + ofVault + ", and this one is of "
                                                + ofIdentity),
                                "Set keyvault-backup.azure.tenant-id (or AZURE_TENANT_ID) to " + ofVault
                                        + ", or use an identity of that tenant."));
    }

    /** Returns whether the kind could be listed. */
    private boolean examine(ObjectKind kind, Consumer<Finding> found) {
        String listing = "list " + kind.collection();
        String backup = "back up " + word(kind);
        try {
            Optional<VaultObject> candidate = Optional.empty();
            long seen = 0;
            String next = null;
            int page = 0;
            do {
                Page<VaultObject> listed = vault.list(kind, next);
                seen += listed.items().size();
                candidate = listed.items().stream()
                        .filter(object -> !object.managed())
                        .findFirst();
                next = listed.next();
            } while (candidate.isEmpty() && next != null && ++page < PAGES);
            found.accept(Finding.ok(listing, seen + (next == null ? "" : " or more") + " " + kind.collection()));
            found.accept(candidate
                    .map(object -> backup(kind, backup, object))
                    .orElseGet(() -> Finding.ok(backup, "none to try it with")));
            return true;
        } catch (VaultException failed) {
            found.accept(Finding.failed(listing, failed.failure(), remedies.listing(kind, failed.failure())));
            return false;
        }
    }

    private Finding backup(ObjectKind kind, String check, VaultObject object) {
        try (ProtectedBytes bytes = vault.backup(object.id(), 1, new MemoryBudget(1L << 30))) {
            return Finding.ok(check, object.id() + ", " + bytes.content().length + " bytes (not kept)");
        } catch (VaultException failed) {
            Failure failure = failed.failure();
            return switch (failure.reason()) {
                case NOT_FOUND -> Finding.ok(check, object.id() + " was deleted meanwhile");
                case TOO_MANY_VERSIONS, DISABLED, TIMED_OUT, THROTTLED ->
                    Finding.warning(
                            check,
                            object.id() + ": " + failure.describe(),
                            failure.reason().advice());
                default -> Finding.failed(check, failure, remedies.backup(kind, failure));
            };
        }
    }

    private List<Finding> protection() {
        String level = null;
        for (ObjectKind kind : ObjectKind.values()) {
            try {
                level = level == null ? door.recoveryLevel(kind).orElse(null) : level;
            } catch (VaultException told) {
                // as the listing's own finding
            }
        }
        Finding logging = Finding.warning(
                "logging",
                "whether its use is logged can not be seen from here",
                "Look with: az monitor diagnostic-settings list --resource \"$(az keyvault show --name "
                        + remedies.vaultName() + " --query id --output tsv)\"; alert on SecretBackup, KeyBackup and"
                        + " CertificateBackup by others.");
        return List.of(softDelete(level), purgeProtection(level), logging);
    }

    /** The service's words: Purgeable alone is no soft delete; Recoverable without Purgeable is purge protection. */
    private Finding softDelete(@Nullable String level) {
        if (level == null) {
            return unknown("soft delete");
        }
        return level.contains("Recoverable")
                ? Finding.ok("soft delete", "on (" + level + ")")
                : Finding.warning(
                        "soft delete",
                        "off (" + level + "): what is deleted is gone at once",
                        "az keyvault update --name " + remedies.vaultName() + " --enable-soft-delete true");
    }

    private Finding purgeProtection(@Nullable String level) {
        if (level == null) {
            return unknown("purge protection");
        }
        return level.contains("Recoverable") && !level.contains("Purgeable")
                ? Finding.ok("purge protection", "on (" + level + ")")
                : Finding.warning(
                        "purge protection",
                        "off (" + level + "): who may purge can destroy objects for good",
                        "az keyvault update --name " + remedies.vaultName()
                                + " --enable-purge-protection true (it can not be turned off again)");
    }

    private Finding unknown(String check) {
        return Finding.warning(
                check,
                "not known: there is no object that would tell",
                "Look with: az keyvault show --name " + remedies.vaultName()
                        + " --query properties.[enableSoftDelete,enablePurgeProtection]");
    }

    private static String word(ObjectKind kind) {
        return "a " + kind.name().toLowerCase(Locale.ROOT);
    }
}
