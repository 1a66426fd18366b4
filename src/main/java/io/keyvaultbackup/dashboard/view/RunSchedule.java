package io.keyvaultbackup.dashboard.view;

import java.util.Optional;

/** Knows by which schedule something else starts the runs. Takes as long as that takes to answer: never to be asked in a request. */
@FunctionalInterface
public interface RunSchedule {

    /** @return empty if nothing that it knows of starts runs */
    Reading<Optional<Told>> ask();

    /**
     * A schedule.
     *
     * @param cron as Kubernetes has it
     * @param starter what it starts runs with, for people
     * @param suspended whether it starts none for now
     */
    record Told(String cron, String zone, String starter, boolean suspended) {}
}
