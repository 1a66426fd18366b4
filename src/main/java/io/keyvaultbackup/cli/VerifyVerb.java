package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.ReadData;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.VerificationRequest;
import io.keyvaultbackup.snapshot.VerificationResult;
import io.keyvaultbackup.snapshot.Verifications;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.VaultAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Proves a snapshot, by default the latest of each vault: its manifest against schema, chain and signature, and that each"
                    + " copy is there with its size; with --read-data every byte too. Nothing is written to the store.",
            "An examination that was interrupted is continued by the same command: no copy is read twice."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup verify --vault team-a --expect-latest 26h",
            "  keyvault-backup verify 20261124T03 --read-data",
            "  keyvault-backup verify --read-data-subset 3/7     (a seventh each day reads all in a week)"
        })
final class VerifyVerb implements Verb {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            defaultValue = "latest",
            description = "latest (the default), @DATE, or a snapshot's ID or the start of one.")
    private String snapshot = "latest";

    @Option(names = "--read-data", description = "Read every byte of every copy, and of every manifest of the vault.")
    private boolean readData;

    @Option(
            names = "--read-data-subset",
            paramLabel = "N/T",
            description = "Read the copies of part N of T: 3/7. An object is in the same part in every snapshot.")
    private @Nullable String subset;

    @Option(
            names = "--expect-latest",
            paramLabel = "ID|AGE",
            description =
                    "The newest snapshot has this ID, or is no older than this: 26h, 2d. Else it is damage: somebody may have"
                            + " removed newer ones.")
    private @Nullable String expectation;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and nothing of what is well.")
    private boolean quiet;

    @Mixin
    private CommonOptions common = new CommonOptions();

    VerifyVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        SnapshotReference reference = StoreReader.reference(snapshot, problems);
        ReadData read = readData(problems);
        @Nullable ExpectedLatest expected = expectation == null ? null : ExpectedLatest.read(expectation, problems);
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        StopSignal stop = stops.get();
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.ALL_BUT_VAULTS, problems)) {
            Catalogue catalogue = context.getBean(Catalogue.class);
            List<String> named = ChosenVaults.inStore(context, places).stream()
                    .map(VaultAddress::storeName)
                    .toList();
            Set<VaultAddress> expectedThere = named.isEmpty() ? expectedInStore(context) : Set.of();
            Set<String> vaults = new LinkedHashSet<>(named.isEmpty() ? catalogue.vaults() : named);
            expectedThere.forEach(vault -> vaults.add(vault.storeName()));
            Map<String, StoreException> unread = new LinkedHashMap<>();
            List<StoredSnapshot> all = catalogue.snapshots(vaults, unread::put);
            List<StoredSnapshot> wanted = reference.isOneOfEachVault() ? reference.among(all) : List.of();
            if (wanted.isEmpty()) {
                wanted = List.of(catalogue.find(reference, vaults));
            }
            Launch launch = new Launch(
                    context.getBean(Verifications.class),
                    VerifyReport.of(terminal, common, quiet),
                    new Complaint(terminal, common.json(), common.debug()));
            List<ExitCode> codes = new ArrayList<>();
            unread.forEach((vault, failed) -> codes.add(launch.complaint.about(failed, vault)));
            for (String vault : named) { // one whose snapshots are all gone is not passed over
                if (reference.isOneOfEachVault()
                        && !unread.containsKey(vault)
                        && wanted.stream().noneMatch(one -> one.vault().equals(vault))) {
                    codes.add(launch.complaint.about(new RunRefusedException(
                            RunRefusedException.Cause.STORE_NOT_FOUND,
                            "There is no snapshot " + reference + " of " + vault + " in the store.")));
                }
            }
            for (VaultAddress vault : reference.isOneOfEachVault() ? expectedThere : Set.<VaultAddress>of()) {
                if (!unread.containsKey(vault.storeName())
                        && all.stream().noneMatch(one -> one.vault().equals(vault.storeName()))) {
                    codes.add(launch.complaint.about(neverBackedUp(vault), vault.toString()));
                }
            }
            for (StoredSnapshot one : wanted) {
                List<IntegrityFinding> known = expected == null
                        ? List.of()
                        : expected.findings(one.vault(), all, catalogue, context.getBean(InstantSource.class));
                codes.add(launch.of(new VerificationRequest(one, read, known), stop));
                if (stop.isGiven()) {
                    break;
                }
            }
            return ExitCode.together(codes).number();
        }
    }

    /** A vault that is discovered has no name in the configuration, and its folder may be gone with all that was in it. */
    private Set<VaultAddress> expectedInStore(ApplicationContext context) {
        FleetList expected = ChosenVaults.expectedInStore(context);
        if (expected.discovery() != null) {
            new FleetReport(terminal, common, quiet).tellRemarks(expected.discovery());
        }
        return expected.vaults();
    }

    private static RunRefusedException neverBackedUp(VaultAddress vault) {
        return new RunRefusedException(
                RunRefusedException.Cause.STORE_NOT_FOUND,
                "There is no snapshot of " + vault
                        + " in the store: it was never backed up, or all of its snapshots are gone. It is"
                        + " among the vaults that are to be backed up, by the configuration or the last known list of discovery.");
    }

    private ReadData readData(List<String> problems) {
        if (subset == null) {
            return readData ? ReadData.ALL : ReadData.NONE;
        }
        if (readData) {
            problems.add("--read-data reads all, and --read-data-subset a part: leave one out");
        }
        try {
            return ReadData.parse(subset);
        } catch (IllegalArgumentException wrong) {
            problems.add("--read-data-subset: " + wrong.getMessage());
            return ReadData.NONE;
        }
    }

    private final class Launch {

        private final Verifications verifications;
        private final VerifyReport report;
        private final Complaint complaint;

        Launch(Verifications verifications, VerifyReport report, Complaint complaint) {
            this.verifications = verifications;
            this.report = report;
            this.complaint = complaint;
        }

        ExitCode of(VerificationRequest request, StopSignal stop) {
            RunMonitor monitor = new RunMonitor();
            VaultAddress vault = new VaultAddress(
                    URI.create("https://" + request.snapshot().vault().replace('_', ':')));
            VerificationResult result;
            try (ProgressLine progress = new ProgressLine(terminal, common.json(), vault, monitor)) {
                if (!quiet) {
                    progress.start();
                }
                result = verifications.verify(request, monitor, stop);
            } catch (RuntimeException failed) { // the next vault is verified all the same
                return complaint.about(failed);
            }
            return report.ended(result);
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.complementOf(EnumSet.of(ExitCode.INCOMPLETE_FOR_GOOD));
    }
}
