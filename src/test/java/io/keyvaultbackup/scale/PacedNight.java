package io.keyvaultbackup.scale;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.Grants;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.SubscriptionPacer;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A night whose every call asks the program's own pacers, as the processes of a fleet do: that of its vault, then its process's part of the budget of the vault's place. Calls
 * are events of a {@link VirtualTime}, so a million of them take a second or so. For one thread.
 */
final class PacedNight {

    private final VirtualTime time = new VirtualTime();
    private final Pods pods;
    private final Function<PlannedVault, List<PlannedVault.Phase>> phasesOf;
    private final Iterator<PlannedVault> waiting;
    private final List<Pod> processes;
    private final Map<String, Window> placeWindows = new HashMap<>();
    private final List<Double> vaultSeconds = new ArrayList<>();
    private int mostAtAVault;

    /** What a night came to. */
    record Result(double seconds, List<Double> vaultSeconds, int mostAtAVault, int mostAtAPlace) {}

    private PacedNight(
            List<PlannedVault> inOrder, Function<PlannedVault, List<PlannedVault.Phase>> phasesOf, Pods pods) {
        this.pods = pods;
        this.phasesOf = phasesOf;
        this.waiting = inOrder.iterator();
        Map<VaultAddress, String> places =
                inOrder.stream().collect(Collectors.toMap(PlannedVault::address, PlannedVault::place));
        this.processes = IntStream.range(0, pods.count())
                .mapToObj(number -> {
                    CommonBudgets budgets = new CommonBudgets(pods.budget(), time);
                    budgets.divide(places);
                    return new Pod(budgets);
                })
                .toList();
    }

    /** @param inOrder in which they are begun */
    static Result of(List<PlannedVault> inOrder, PlannedVault.Night night, Pods pods) {
        return new PacedNight(inOrder, vault -> vault.phases(night, pods.threads()), pods).run();
    }

    private Result run() {
        for (int place = 0; place < pods.vaultsAtOnce(); place++) {
            processes.forEach(this::beginNext);
        }
        time.pass();
        return new Result(
                time.seconds(),
                List.copyOf(vaultSeconds),
                mostAtAVault,
                placeWindows.values().stream().mapToInt(Window::peak).max().orElse(0));
    }

    private void beginNext(Pod process) {
        if (waiting.hasNext()) {
            process.atWork++;
            share();
            AtWork work = new AtWork(process, waiting.next());
            time.after(pods.perVault().toNanos(), work::nextPhase);
        }
    }

    /** As each process counts those that have vaults. */
    private void share() {
        int count = (int) processes.stream().filter(one -> one.atWork > 0).count();
        processes.forEach(one -> one.budgets.sharedBy(Math.max(1, count)));
    }

    /** A pod. */
    private static final class Pod {

        private final CommonBudgets budgets;
        private final Map<SubscriptionPacer, Line> queues = new HashMap<>();
        private int atWork;

        private Pod(CommonBudgets budgets) {
            this.budgets = budgets;
        }
    }

    private interface Granting {
        Pacer.Permit grant() throws InterruptedException;
    }

    /** Calls that wait for leave, first come, first served: what the pacer's lock does for threads. */
    private final class Line {

        private final Granting granting;
        private final Deque<Consumer<Pacer.Permit>> calls = new ArrayDeque<>();
        private boolean asleep;

        private Line(Granting granting) {
            this.granting = granting;
        }

        private void add(Consumer<Pacer.Permit> granted) {
            calls.addLast(granted);
            if (!asleep) {
                serve();
            }
        }

        private void serve() {
            asleep = false;
            while (!calls.isEmpty() && !asleep) {
                try {
                    Pacer.Permit permit = granting.grant();
                    calls.removeFirst().accept(permit);
                } catch (VirtualTime.Later later) {
                    asleep = true;
                    time.after(later.nanos(), this::serve);
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
    }

    /** A vault that a pod has at work. */
    private final class AtWork {

        private final Pod process;
        private final PlannedVault vault;
        private final Iterator<PlannedVault.Phase> phases;
        private final Line own;
        private final Line common;
        private final Window window = new Window();
        private final double began = time.seconds();
        private long left;
        private int underWay;

        private AtWork(Pod process, PlannedVault vault) {
            this.process = process;
            this.vault = vault;
            this.phases = phasesOf.apply(vault).iterator();
            Pacer pacer = new Pacer(pods.budget(), time);
            this.own = new Line(() -> pacer.acquire(1));
            SubscriptionPacer shared = process.budgets.of(vault.address());
            this.common = process.queues.computeIfAbsent(shared, place -> new Line(() -> Grants.of(place, 1)));
        }

        private void nextPhase() {
            if (!phases.hasNext()) {
                vaultSeconds.add(time.seconds() - began);
                mostAtAVault = Math.max(mostAtAVault, window.peak());
                process.atWork--;
                beginNext(process);
                share();
                return;
            }
            PlannedVault.Phase phase = phases.next();
            left = phase.calls();
            for (int thread = 0; thread < phase.threads() && left > 0; thread++) {
                begin();
            }
        }

        private void begin() {
            left--;
            underWay++;
            own.add(ofVault -> common.add(ofPlace -> {
                window.count(time.nanos());
                placeWindows.computeIfAbsent(vault.place(), _ -> new Window()).count(time.nanos());
                time.after(pods.latency().toNanos(), () -> ended(ofVault, ofPlace));
            }));
        }

        private void ended(Pacer.Permit ofVault, Pacer.Permit ofPlace) {
            ofPlace.close();
            ofVault.close();
            underWay--;
            if (left > 0) {
                begin();
            } else if (underWay == 0) {
                nextPhase();
            }
        }
    }

    /** Copying calls a second of one vault that is alone. */
    static double rate(Budget budget, int threads, Duration latency) {
        Pods alone = new Pods(1, 1, budget, threads, latency, Duration.ZERO, 1);
        PlannedVault.Phase calls = new PlannedVault.Phase(PlannedVault.Kind.COPYING, 10L * budget.units(), threads);
        return calls.calls()
                / new PacedNight(List.of(new PlannedVault(0, 1, "alone")), _ -> List.of(calls), alone)
                        .run()
                        .seconds();
    }
}
