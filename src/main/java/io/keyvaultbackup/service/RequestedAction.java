package io.keyvaultbackup.service;

/** What may be asked for. */
public enum RequestedAction {
    /** A backup of a vault: {@code backup}. */
    RUN_NOW,
    /** What is not done of a run: {@code retry}. */
    RELAUNCH,
    /** That a run ends, and stays so: {@code stop}. */
    STOP,
    /** What a restore would do; nothing is restored: {@code restore --dry-run}. */
    RESTORE_PLAN
}
