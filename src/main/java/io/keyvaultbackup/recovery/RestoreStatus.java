package io.keyvaultbackup.recovery;

/** How a restore ended. */
public enum RestoreStatus {
    /** Everything is in the target, as the snapshot has it. */
    COMPLETE,
    /** Something is there, and not as the snapshot has it. */
    DIFFERENT,
    /** Something could not be restored, or not be compared. */
    INCOMPLETE,
    /** Names are taken, so nothing was begun, as was asked for. */
    BLOCKED,
    /** Who was asked said no; nothing was begun. */
    DECLINED,
    /** It was asked to stop; the same again continues it. */
    STOPPED,
    /** It could not be carried through; the same again continues it. */
    FAILED
}
