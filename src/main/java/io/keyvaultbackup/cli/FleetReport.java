package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.run.Discovery;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what came of discovering vaults, before anything is done with them. */
final class FleetReport {

    private final Terminal terminal;
    private final boolean json;
    private final boolean quiet;

    FleetReport(Terminal terminal, CommonOptions common, boolean quiet) {
        this.terminal = terminal;
        this.json = common.json();
        this.quiet = quiet;
    }

    /** What the discovery adds to what becomes of the vaults: {@link ExitCode#DONE} if it went well, or was not needed. */
    ExitCode tell(FleetList list, Complaint complaint) {
        Discovery discovery = list.discovery();
        if (discovery == null) {
            return ExitCode.DONE;
        }
        List<String> remarks = new ArrayList<>(discovery.remarks());
        ExitCode code = ExitCode.DONE;
        Failure failure = discovery.failure();
        if (failure != null && discovery.needed()) {
            code = complaint.aboutDiscovery(
                    failure, instead(discovery, list), list.vaults().isEmpty());
        } else if (failure != null) {
            remarks.add("Where the vaults are could not be asked: " + failure.describe() + ". "
                    + failure.reason().advice());
        }
        boolean well = failure == null && remarks.isEmpty() && discovery.gone().isEmpty();
        if (quiet && well) {
            return code;
        }
        if (json) {
            tellJson(discovery, remarks, code);
        } else {
            tellText(discovery, remarks);
        }
        return code;
    }

    /**
     * For a verb that is to keep away from the vaults that are backed up: it may go on only if these are known, if need be by the last
     * known list, which is a remark.
     *
     * @param begun what is not begun else, such as {@code the drill}
     * @return why it may not go on; {@link ExitCode#DONE} if it may
     */
    ExitCode tellToKeepAway(FleetList list, String begun, Complaint complaint) {
        Discovery discovery = list.discovery();
        Failure failure = discovery == null ? null : discovery.failure();
        if (discovery == null || failure == null) {
            return ExitCode.DONE;
        }
        if (discovery.vaults().isEmpty()) {
            return complaint.aboutDiscovery(
                    failure,
                    "No last known list names any either, so it is not known which vaults are backed up and to be kept away from; "
                            + begun + " was not begun.",
                    true);
        }
        List<String> remarks = new ArrayList<>(discovery.remarks());
        remarks.add("Which vaults there are could not be discovered: " + failure.describe() + ". "
                + instead(discovery, list) + " " + failure.reason().advice());
        if (json) {
            tellJson(discovery, remarks, ExitCode.DONE);
        } else {
            tellRemarks(remarks);
        }
        return ExitCode.DONE;
    }

    /** What people should know of the last known list, where nobody else was asked. */
    void tellRemarks(Discovery known) {
        if (known.remarks().isEmpty()) {
            return;
        }
        if (json) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put(
                    "known_since",
                    known.knownSince() == null ? null : known.knownSince().toString());
            line.put("remarks", known.remarks());
            new JsonLines(terminal.out()).print("discovery", line);
        } else {
            tellRemarks(known.remarks());
        }
    }

    private static String instead(Discovery discovery, FleetList list) {
        Instant since = discovery.knownSince();
        int vaults = discovery.vaults().size();
        if (since != null && discovery.lastKnown() < vaults) {
            return discovery.lastKnown() + " of the " + vaults
                    + " vaults are of the last known list, which is as it was found at " + since
                    + "; there may be others now.";
        }
        if (since == null && vaults > 0) {
            return "The " + vaults + " vaults that were found are used.";
        }
        if (since != null) {
            return "The " + vaults
                    + " vaults of the last known list are used, which is as it was found at " + since
                    + "; there may be others now.";
        }
        return list.vaults().isEmpty()
                ? "There is no earlier list in the store, so no vault is known."
                : "There is no earlier list in the store, so only the vaults that are named are known.";
    }

    private void tellText(Discovery discovery, List<String> remarks) {
        tellRemarks(remarks);
        if (!discovery.gone().isEmpty()) {
            terminal.err()
                    .println("keyvault-backup: Not discovered any more, and so not backed up: "
                            + joined(discovery.gone()));
        }
        if (quiet || discovery.failure() != null || !discovery.needed()) {
            return;
        }
        List<VaultAddress> unprotected = discovery.vaults().stream()
                .filter(vault -> !vault.purgeProtection())
                .map(DiscoveredVault::vault)
                .toList();
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "Discovered %,d %s%s%n",
                        discovery.vaults().size(),
                        discovery.vaults().size() == 1 ? "vault" : "vaults",
                        unprotected.isEmpty() ? "" : "; without purge protection: " + joined(unprotected));
    }

    private void tellRemarks(List<String> remarks) {
        remarks.forEach(remark -> terminal.err().println("keyvault-backup: " + Printable.text(remark)));
    }

    private static String joined(List<VaultAddress> vaults) {
        return vaults.stream().map(VaultAddress::toString).collect(Collectors.joining(", "));
    }

    private void tellJson(Discovery discovery, List<String> remarks, ExitCode code) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("discovered", discovery.failure() == null);
        line.put(
                "known_since",
                discovery.knownSince() == null ? null : discovery.knownSince().toString());
        line.put("vaults", discovery.vaults().stream().map(FleetReport::json).toList());
        line.put("gone", discovery.gone().stream().map(VaultAddress::toString).toList());
        line.put("remarks", remarks);
        line.put("exit_code", code.number());
        new JsonLines(terminal.out()).print("discovery", line);
    }

    private static Map<String, @Nullable Object> json(DiscoveredVault vault) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("vault", vault.vault().toString());
        told.put("subscription", vault.subscription());
        told.put("resource_group", vault.resourceGroup());
        told.put("location", vault.location());
        told.put("geography", vault.geography());
        told.put("sku", vault.sku());
        told.put("purge_protection", vault.purgeProtection());
        told.put("soft_delete", vault.softDelete());
        told.values().removeIf(value -> value == null);
        return told;
    }
}
