package io.keyvaultbackup.scale;

import io.keyvaultbackup.scale.PlannedVault.Night;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a fleet leaves in the job database, and asks of the store, in a year of usual nights after a first one. */
record YearlyCost(CostModel model, Fleet fleet) {

    private static final int NIGHTS = 365;
    private static final int KEPT_RUNS_DAYS = 400;
    private static final int KEPT_SNAPSHOTS = 30;
    private static final int REFRESH_DAYS = 7;
    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;

    private long vaults() {
        return fleet.vaults().size();
    }

    private long copies(Night night) {
        return fleet.vaults().stream()
                .mapToLong(vault -> night.copies(vault.objects()))
                .sum();
    }

    String database() {
        double objects = fleet.objects() * model.runsWithObjects();
        double rows = vaults() * model.rowsOfRun() * NIGHTS;
        double bytes = vaults() * model.bytesOfRun() * NIGHTS;
        double kept = (double) KEPT_RUNS_DAYS / NIGHTS;
        List<String> lines = new ArrayList<>(List.of("| what | rows | size |", "|---|---|---|"));
        lines.add(String.format(
                Locale.ROOT,
                "| objects of the newest complete runs (`keep-objects: %.0f`), steady | %.0f million | %.0f GB |",
                model.runsWithObjects(),
                objects / 1e6,
                objects * model.bytesOfObjectRow() / GIGA));
        lines.add(String.format(
                Locale.ROOT,
                "| runs, of each year, if all are kept | %.0f million | %.0f GB |",
                rows / 1e6,
                bytes / GIGA));
        lines.add(String.format(
                Locale.ROOT,
                "| runs with `keep-runs: %dd`, steady | %.0f million | %.0f GB |",
                KEPT_RUNS_DAYS,
                rows * kept / 1e6,
                bytes * kept / GIGA));
        lines.add(String.format(
                Locale.ROOT,
                "| rows inserted, changed and deleted in a night | %.0f million | %.0f GB of write-ahead log |",
                (fleet.objects() * model.changesOfObject() + vaults() * model.changesOfRun()) / 1e6,
                fleet.objects() * model.logOfObject() / GIGA));
        return String.join("\n", lines) + "\n";
    }

    /** Each folder that has a copy in use is listed twice a night. */
    private double lists(Night night) {
        double blobs = night == Night.FULL ? copies(night) : REFRESH_DAYS * (double) copies(Night.USUAL);
        return vaults() * model.listsOfRun() + 2 * blobs / model.blobsOfPage();
    }

    String store() {
        double usualWrites = copies(Night.USUAL) + vaults() * model.writesOfRun();
        double fullWrites = copies(Night.FULL) + vaults() * model.writesOfRun();
        double reads = vaults() * model.readsOfRun();
        double usual = Prices.ASSUMED.ofRequests(usualWrites + lists(Night.USUAL), reads);
        double full = Prices.ASSUMED.ofRequests(fullWrites + lists(Night.FULL), reads);
        double copied = copies(Night.USUAL) * model.bytesOfCopy();
        double manifests = fleet.objects() * model.bytesOfManifestEntry();
        double kept = (KEPT_SNAPSHOTS + REFRESH_DAYS - 1) * copied + KEPT_SNAPSHOTS * manifests;
        List<String> lines = new ArrayList<>(List.of("| what | first night | usual night |", "|---|---|---|"));
        lines.add(String.format(
                Locale.ROOT,
                "| copies and other writes | %.1f million | %.1f million |",
                fullWrites / 1e6,
                usualWrites / 1e6));
        lines.add(String.format(
                Locale.ROOT,
                "| listings (priced as writes) | %,.0f thousand | %,.0f thousand |",
                lists(Night.FULL) / 1e3,
                lists(Night.USUAL) / 1e3));
        lines.add(String.format(Locale.ROOT, "| reads | %.0f thousand | %.0f thousand |", reads / 1e3, reads / 1e3));
        lines.add(String.format(
                Locale.ROOT,
                "| bytes of copies, of manifests | %.0f GB, %.0f GB | %.0f GB, %.0f GB |",
                fleet.objects() * model.bytesOfCopy() / GIGA,
                manifests / GIGA,
                copied / GIGA,
                manifests / GIGA));
        lines.add(String.format(Locale.ROOT, "| requests, EUR (assumed prices) | %.0f | %.0f |", full, usual));
        lines.add(String.format(
                Locale.ROOT,
                "| a year: requests, EUR; kept, with `keep-daily: %d`; that, EUR a month | | %,.0f; %.1f TB; %.0f |",
                KEPT_SNAPSHOTS,
                full + NIGHTS * usual,
                kept / TERA,
                kept / GIGA * Prices.ASSUMED.perGigabyteAndMonth()));
        return String.join("\n", lines) + "\n";
    }

    /** ASSUMED, not looked up: hot tier, locally redundant; look into the price list of your region. */
    record Prices(double perTenThousandWrites, double perTenThousandReads, double perGigabyteAndMonth) {

        static final Prices ASSUMED = new Prices(0.05, 0.004, 0.018);

        private static final double TEN_THOUSAND = 10_000;

        double ofRequests(double writes, double reads) {
            return (writes * perTenThousandWrites + reads * perTenThousandReads) / TEN_THOUSAND;
        }
    }
}
