package io.keyvaultbackup.run;

/** How a run stands. */
public enum RunStatus {
    /** At work, or its process died and nobody has noticed yet. */
    RUNNING,
    /** Every object is done. */
    COMPLETE,
    /** Sealed or not, something is not done; the run can be launched again. */
    INCOMPLETE,
    /** It could not be carried through (the job itself failed, not an object); the run can be launched again. */
    FAILED
}
