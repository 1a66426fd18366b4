package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Launches one run after the other, each vault on its own: what goes wrong with one is told, and the next is begun. */
final class Launches {

    private final Terminal terminal;
    private final CommonOptions common;
    private final boolean quiet;
    private final BackupReport report;
    private final Complaint complaint;

    Launches(Terminal terminal, CommonOptions common, boolean quiet) {
        this.terminal = terminal;
        this.common = common;
        this.quiet = quiet;
        this.complaint = new Complaint(terminal, common.json(), common.debug());
        BackupReport spoken = common.json() ? new BackupJsonReport(terminal.out()) : new BackupTextReport(terminal);
        this.report = quiet ? new QuietReport(spoken) : spoken;
    }

    /**
     * Runs or continues what is asked for at each vault, until a stop is given.
     *
     * @param request what that is; asked when it is the vault's turn
     */
    ExitCode run(
            BackupRuns runs,
            Collection<VaultAddress> vaults,
            Function<VaultAddress, RunRequest> request,
            StopSignal stop) {
        return each(vaults, stop, (vault, monitor, progress) -> {
            RunRequest wanted = request.apply(vault);
            try {
                return report.ended(runs.run(wanted, monitor, stop), progress);
            } catch (RuntimeException failed) {
                return complaint.about(failed, wanted);
            }
        });
    }

    /** Says what runs would do; a listing may simply be ended, so nothing stops it. */
    ExitCode plan(BackupRuns runs, Collection<VaultAddress> vaults, Function<VaultAddress, RunRequest> request) {
        return each(
                vaults,
                new StopSignal(),
                (vault, monitor, progress) -> report.planned(runs.plan(request.apply(vault), monitor), progress));
    }

    private ExitCode each(Collection<VaultAddress> vaults, StopSignal stop, Launch launch) {
        List<ExitCode> codes = new ArrayList<>();
        for (VaultAddress vault : vaults) {
            if (stop.isGiven()) {
                codes.add(ExitCode.INTERRUPTED);
                break;
            }
            RunMonitor monitor = new RunMonitor();
            try (ProgressLine progress = new ProgressLine(terminal, common.json(), vault, monitor)) {
                if (!quiet) {
                    progress.start();
                }
                codes.add(launch.at(vault, monitor, progress));
            } catch (RuntimeException failed) {
                codes.add(complaint.about(failed));
            }
        }
        return ExitCode.together(codes);
    }

    private interface Launch {

        ExitCode at(VaultAddress vault, RunMonitor monitor, ProgressLine progress);
    }
}
