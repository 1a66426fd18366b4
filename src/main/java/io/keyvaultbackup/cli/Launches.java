package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/** Launches runs, some of them side by side, each vault on its own: what goes wrong with one is told, and the others go on. */
final class Launches {

    private final Terminal terminal;
    private final CommonOptions common;
    private final boolean quiet;
    private final int atOnce;
    private final BackupReport report;
    private final Complaint complaint;

    /** @param atOnce how many runs there may be side by side */
    Launches(Terminal terminal, CommonOptions common, boolean quiet, int atOnce) {
        this.terminal = terminal;
        this.common = common;
        this.quiet = quiet;
        this.atOnce = atOnce;
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
        return each(vaults, stop, false, (vault, monitor, progress, line) -> {
            RunRequest wanted = request.apply(vault);
            try {
                RunResult result = runs.run(wanted, monitor, stop);
                return line.aside(() -> report.ended(result, progress));
            } catch (RuntimeException failed) {
                return line.aside(() -> {
                    heading(vault, vaults.size());
                    return complaint.about(failed, wanted);
                });
            }
        });
    }

    /** Says what runs would do; a listing may simply be ended, so nothing stops it. */
    ExitCode plan(BackupRuns runs, Collection<VaultAddress> vaults, Function<VaultAddress, RunRequest> request) {
        return each(vaults, new StopSignal(), true, (vault, monitor, progress, line) -> {
            RunPlan plan = runs.plan(request.apply(vault), monitor);
            return line.aside(() -> report.planned(plan, progress));
        });
    }

    private ExitCode each(Collection<VaultAddress> vaults, StopSignal stop, boolean dryRun, Launch launch) {
        Queue<VaultAddress> waiting = new ConcurrentLinkedQueue<>(vaults);
        Map<VaultAddress, ExitCode> codes = new ConcurrentHashMap<>();
        try (VaultsLine line = new VaultsLine(terminal, vaults.size())) {
            if (vaults.size() > 1 && !quiet && !common.json() && terminal.interactive()) {
                line.start();
            }
            sideBySide(Math.min(atOnce, vaults.size()), () -> {
                for (VaultAddress vault = waiting.poll(); vault != null; vault = waiting.poll()) {
                    ExitCode code = stop.isGiven() ? ExitCode.INTERRUPTED : at(vault, vaults.size(), line, launch);
                    codes.put(vault, code);
                    line.ended(vault, code);
                }
            });
        }
        ExitCode together = ExitCode.together(List.copyOf(codes.values()));
        if (vaults.size() > 1 && !(quiet && together == ExitCode.DONE)) {
            Map<VaultAddress, ExitCode> inOrder = new LinkedHashMap<>();
            vaults.forEach(vault -> inOrder.put(vault, codes.get(vault)));
            new VaultsReport(terminal, common.json()).tell(inOrder, together, dryRun);
        }
        return together;
    }

    private ExitCode at(VaultAddress vault, int vaults, VaultsLine line, Launch launch) {
        RunMonitor monitor = new RunMonitor();
        line.began(vault, monitor);
        try (ProgressLine progress = new ProgressLine(terminal, common.json(), vault, monitor)) {
            if (!quiet && !line.isShown()) {
                progress.start();
            }
            return launch.at(vault, monitor, progress, line);
        } catch (RuntimeException failed) {
            return line.aside(() -> {
                heading(vault, vaults);
                return complaint.about(failed, vault.toString());
            });
        }
    }

    /** Whose complaint follows. */
    private void heading(VaultAddress vault, int vaults) {
        if (vaults > 1 && !common.json()) {
            terminal.err().println(vault + ":");
        }
    }

    /** By threads of the platform, which are few: the first to come must load and initialise classes, where a virtual one holds its carrier. */
    private static void sideBySide(int times, Runnable what) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("vault-", 1).factory())) {
            List<? extends Future<?>> all =
                    Stream.generate(() -> threads.submit(what)).limit(times).toList();
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException broken) {
            if (broken.getCause() instanceof Error error) { // all else is told where it happens
                throw error;
            }
            throw new IllegalStateException("a run broke off", broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while vaults were backed up", interrupted);
        }
    }

    private interface Launch {

        ExitCode at(VaultAddress vault, RunMonitor monitor, ProgressLine progress, VaultsLine line);
    }
}
