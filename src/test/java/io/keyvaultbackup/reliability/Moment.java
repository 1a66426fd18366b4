package io.keyvaultbackup.reliability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * When a process is to be ended.
 *
 * @param phase of its work
 * @param fraction of that phase, from 0 to 1
 */
record Moment(Phase phase, double fraction) {

    /** What a process does, in order. */
    enum Phase {
        /** The JVM, the context, the database, the lease: until the first call. */
        START(0.15),
        INVENTORY(0.25),
        BACKUP(0.45),
        /** The last outcomes, the seal, the way out. */
        END(0.15);

        private final double share;

        Phase(double share) {
            this.share = share;
        }
    }

    private static final int MOST_IN_A_RUN = 4;

    /**
     * So many moments, each phase its share of them and none without one, in the order in which one run after the other meets them:
     * a run may be ended several times, but is listed only the first time, and has one end.
     */
    static List<List<Moment>> plan(int count, Random random) {
        List<Phase> phases = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            phases.addAll(Collections.nCopies((int) Math.max(1, Math.round(count * phase.share)), phase));
        }
        while (phases.size() < count) {
            phases.add(Phase.BACKUP);
        }
        while (phases.size() > count) {
            phases.removeFirst(); // of few moments none is for the start
        }
        Collections.shuffle(phases, random);
        List<List<Moment>> runs = new ArrayList<>();
        for (Phase phase : phases) {
            boolean another = phase == Phase.INVENTORY
                    || runs.isEmpty()
                    || runs.getLast().size() == MOST_IN_A_RUN
                    || runs.getLast().getLast().phase() == Phase.END;
            if (another) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(new Moment(phase, random.nextDouble()));
        }
        return runs;
    }

    /** Earlier, for another try where a process was through before. */
    Moment earlier() {
        return new Moment(phase, fraction / 2);
    }
}
