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
    FAILED,
    /** It was asked to stop before it was done; the run can be launched again. */
    STOPPED,
    /** Of an execution: its process ended without a word, and a later one continued the run. */
    ABANDONED
}
