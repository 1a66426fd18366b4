package io.keyvaultbackup.emulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is to go wrong at a vault. Delays and hooks of all matching faults add up; of those that replace the answer, the first one
 * set up wins, and the others are not used up.
 */
public final class Faults {

    private final List<Fault> active = new CopyOnWriteArrayList<>();

    /** Requests of whatever sort. */
    public Fault onAny() {
        return new Fault(this, null, null, null);
    }

    public Fault on(Operation operation) {
        return new Fault(this, operation, null, null);
    }

    public Fault on(Operation operation, String kind) {
        return new Fault(this, operation, Kind.ofWord(kind), null);
    }

    public Fault on(Operation operation, String kind, String name) {
        return new Fault(this, operation, Kind.ofWord(kind), name);
    }

    public void clear() {
        active.clear();
    }

    synchronized void add(Fault fault) {
        if (!active.contains(fault)) {
            active.add(fault);
        }
    }

    void remove(Fault fault) {
        active.remove(fault);
    }

    FaultPlan planFor(ApiRequest request) {
        FaultPlan plan = FaultPlan.NONE;
        for (Fault fault : active) {
            boolean wanted = fault.outcome() == null || plan.isUsual();
            if (wanted && fault.matches(request) && fault.take()) {
                plan = fault.addTo(plan);
            }
        }
        return plan;
    }
}
