package io.keyvaultbackup.cli;

import io.keyvaultbackup.examination.Doctor;
import io.keyvaultbackup.examination.Finding;
import io.keyvaultbackup.run.Discovery;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Examines what a backup needs: the identity, each vault, the store and the job database, and names what is"
                    + " missing with the command that mends it.",
            "It backs up one object of each kind and keeps nothing of it. It adds one small blob to the store (doctor/...), and"
                    + " tries to overwrite and delete that one: both should be refused."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup doctor --vault https://team-a.vault.azure.net --store ./backups",
            "  keyvault-backup doctor --config nightly.yaml",
            "  keyvault-backup doctor --json | jq 'select(.level == \"failed\")'"
        })
final class DoctorVerb implements Verb {

    private static final String DISCOVERY = "discovery";

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Only what is not well.")
    private boolean quiet;

    @Mixin
    private CommonOptions common = new CommonOptions();

    DoctorVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        // What can not be made is to be found by its examination, and is no reason not to start.
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.EVERYTHING, List.of())) {
            DoctorReport report = common.json()
                    ? new DoctorJsonReport(new JsonLines(terminal.out()))
                    : new DoctorTextReport(terminal, quiet);
            Diagnoses diagnoses = new Diagnoses();
            Doctor.Listener listener = (subject, finding) -> {
                diagnoses.add(finding);
                report.found(subject, finding);
            };
            FleetList list = ChosenVaults.toBackUp(context, places, null, false, new StopSignal());
            tell(list.discovery(), listener);
            context.getBean(Doctor.class).examine(list.vaults(), listener);
            report.ended(diagnoses.code());
            return diagnoses.code().number();
        }
    }

    private static void tell(@Nullable Discovery discovery, Doctor.Listener listener) {
        if (discovery == null) {
            return;
        }
        String check = "vaults";
        Failure failure = discovery.failure();
        listener.found(
                DISCOVERY,
                failure == null
                        ? Finding.ok(check, discovery.vaults().size() + " found that the configuration selects")
                        : discovery.needed()
                                ? Finding.failed(check, failure)
                                : Finding.warning(
                                        check,
                                        failure.describe(),
                                        failure.reason().advice()));
        discovery
                .remarks()
                .forEach(remark -> listener.found(
                        DISCOVERY,
                        Finding.warning(
                                check, remark, "See docs/fleet.md; the role is config/azure/discovery-role.json.")));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND, ExitCode.NOT_AUTHORISED);
    }

    /** What all that failed comes to: permission first, since without it nothing else can be known; then the store. */
    private static final class Diagnoses {

        private boolean failed;
        private boolean permissionMissing;
        private boolean storeMissing;

        void add(Finding finding) {
            if (finding.level() == Finding.Level.FAILED) {
                failed = true;
                FailureReason reason = finding.reason();
                permissionMissing |= reason != null && reason.isMissingPermission();
                storeMissing |= reason != null && reason.isMissingStore();
            }
        }

        ExitCode code() {
            if (permissionMissing) {
                return ExitCode.NOT_AUTHORISED;
            }
            if (storeMissing) {
                return ExitCode.NOT_FOUND;
            }
            return failed ? ExitCode.FAILED : ExitCode.DONE;
        }
    }
}
