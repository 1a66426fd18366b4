package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultShare;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Launches runs, some of them side by side, each vault on its own: what goes wrong with one is told, and the others go on. */
final class Launches {

    private final Terminal terminal;
    private final CommonOptions common;
    private final boolean quiet;
    private final int atOnce;
    private final ExitCode discovery;
    private final BackupReport report;
    private final Complaint complaint;

    /**
     * @param atOnce how many runs there may be side by side
     * @param discovery what became of asking which vaults there are
     */
    Launches(Terminal terminal, CommonOptions common, boolean quiet, int atOnce, ExitCode discovery) {
        this.discovery = discovery;
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
     * @param ownStores the vaults, by their parts of the store's names, that have a store of their own: it may be down, and is no reason to leave the others
     * @param share hands the vaults out
     * @param request what is asked for; read when it is the vault's turn
     */
    ExitCode run(
            BackupRuns runs,
            Collection<VaultAddress> vaults,
            Set<String> ownStores,
            VaultShare share,
            Function<VaultAddress, RunRequest> request,
            StopSignal stop) {
        OutsideTrouble trouble = new OutsideTrouble(atOnce);
        return each(vaults, share, trouble, stop, false, (vault, monitor, progress, line) -> {
            @Nullable RunRequest wanted = null;
            try {
                wanted = request.apply(vault); // may ask the database, and the store
                RunResult result = runs.run(wanted, monitor, stop);
                trouble.none();
                return Optional.of(line.aside(() -> report.ended(result, progress)));
            } catch (RuntimeException failed) {
                if (!ownStores.contains(vault.storeName())) {
                    trouble.met(failed);
                }
                if (isHeld(failed) && share.putOff(vault)) {
                    return Optional.empty();
                }
                @Nullable RunRequest about = wanted;
                return Optional.of(line.aside(() -> {
                    heading(vault, vaults.size());
                    Complaint after = complaint.afterA(stop);
                    return about == null ? after.about(failed, vault.toString()) : after.about(failed, about);
                }));
            }
        });
    }

    private static boolean isHeld(RuntimeException failed) {
        return failed instanceof RunRefusedException refused && refused.why() == RunRefusedException.Cause.HELD;
    }

    /** Says what runs would do; a listing may simply be ended, so nothing stops it. */
    ExitCode plan(
            BackupRuns runs,
            Collection<VaultAddress> vaults,
            VaultShare share,
            Function<VaultAddress, RunRequest> request) {
        return each(
                vaults, share, new OutsideTrouble(atOnce), new StopSignal(), true, (vault, monitor, progress, line) -> {
                    RunPlan plan = runs.plan(request.apply(vault), monitor);
                    return Optional.of(line.aside(() -> report.planned(plan, progress)));
                });
    }

    private ExitCode each(
            Collection<VaultAddress> vaults,
            VaultShare share,
            OutsideTrouble trouble,
            StopSignal stop,
            boolean dryRun,
            Launch launch) {
        Map<VaultAddress, ExitCode> codes = new ConcurrentHashMap<>();
        Queue<ExitCode> besides = new ConcurrentLinkedQueue<>();
        try (share;
                VaultsLine line = new VaultsLine(terminal, vaults.size())) {
            if (vaults.size() > 1 && !quiet && !common.json() && terminal.interactive()) {
                line.start();
            }
            sideBySide(Math.min(atOnce, vaults.size()), () -> {
                try {
                    for (Optional<VaultAddress> next = share.next();
                            next.isPresent();
                            next = trouble.isLasting() ? Optional.empty() : share.next()) {
                        VaultAddress vault = next.get();
                        Optional<ExitCode> code = at(vault, vaults.size(), line, launch);
                        code.ifPresentOrElse(ended -> codes.put(vault, ended), () -> line.putOff(vault));
                        if (code.isPresent()) { // noted already, as the share may not be there to hear of it
                            line.ended(vault, code.get());
                            end(share, vault, code.get(), stop);
                        }
                    }
                } catch (Error broken) { // what this thread had is nobody's work now, and the others would wait for it
                    share.abandon();
                    throw broken;
                } catch (RuntimeException unshared) {
                    share.abandon();
                    var _ = line.aside(
                            () -> // by the first thread that meets it
                            besides.add(besides.isEmpty() ? complaint.about(unshared) : ExitCode.FAILED));
                }
            });
            return together(vaults, codes, besides, share, stop, dryRun);
        }
    }

    /** With a vault that was interrupted because this process is to end another may go on; one whose run an operator stopped has ended. */
    private static void end(VaultShare share, VaultAddress vault, ExitCode code, StopSignal stop) {
        if (code == ExitCode.INTERRUPTED && stop.isGiven()) {
            share.giveBack(vault);
        } else {
            share.ended(vault, code.number());
        }
    }

    private ExitCode together(
            Collection<VaultAddress> vaults,
            Map<VaultAddress, ExitCode> codes,
            Collection<ExitCode> besides,
            VaultShare share,
            StopSignal stop,
            boolean dryRun) {
        Map<VaultAddress, ExitCode> elsewhere = new HashMap<>();
        share.endedElsewhere().forEach((vault, number) -> elsewhere.put(vault, ExitCode.of(number)));
        elsewhere.keySet().removeAll(codes.keySet());
        int notBegun = vaults.size() - codes.size() - elsewhere.size();
        List<ExitCode> all = new ArrayList<>(codes.values());
        if (vaults.size() > 1
                && !stop.isGiven()) { // an operator's stop of one run, which the same command does not continue
            all.replaceAll(code -> code == ExitCode.INTERRUPTED ? ExitCode.INCOMPLETE_FOR_GOOD : code);
        }
        all.addAll(besides);
        if (discovery != ExitCode.DONE) {
            all.add(discovery);
        }
        // Others answer for their ends; but what kept this process's vaults from being begun did not keep all.
        if (elsewhere.values().stream().anyMatch(code -> !all.contains(code))) {
            all.add(ExitCode.DONE);
        }
        if (notBegun > 0) {
            if (stop.isGiven()) {
                all.add(ExitCode.INTERRUPTED);
            } else if (all.contains(ExitCode.DONE) || Set.copyOf(all).size() != 1) { // else these would meet the same
                all.add(ExitCode.FAILED);
            }
        }
        ExitCode together = ExitCode.together(all);
        if (vaults.size() > 1 && !(quiet && together == ExitCode.DONE)) {
            new VaultsReport(terminal, common.json())
                    .tell(inOrder(vaults, codes), inOrder(vaults, elsewhere), notBegun, together, dryRun);
        }
        return together;
    }

    private static Map<VaultAddress, ExitCode> inOrder(
            Collection<VaultAddress> vaults, Map<VaultAddress, ExitCode> codes) {
        Map<VaultAddress, ExitCode> inOrder = new LinkedHashMap<>();
        vaults.stream().filter(codes::containsKey).forEach(vault -> inOrder.put(vault, codes.get(vault)));
        return inOrder;
    }

    /** Nothing if it was put off. */
    private Optional<ExitCode> at(VaultAddress vault, int vaults, VaultsLine line, Launch launch) {
        RunMonitor monitor = new RunMonitor();
        line.began(vault, monitor);
        try (ProgressLine progress = new ProgressLine(terminal, common.json(), vault, monitor)) {
            if (!quiet && !line.isShown()) {
                progress.start();
            }
            return launch.at(vault, monitor, progress, line);
        } catch (RuntimeException failed) {
            return Optional.of(line.aside(() -> {
                heading(vault, vaults);
                return complaint.about(failed, vault.toString());
            }));
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

        Optional<ExitCode> at(VaultAddress vault, RunMonitor monitor, ProgressLine progress, VaultsLine line);
    }
}
